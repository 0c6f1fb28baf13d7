"""What AWS promises, allows and takes: every limit, time and price, with its source.

One record each, used alike by the checks of the constructs, the estimates of the review, the
steps of the runbooks and the tables of the docs, so that none of them can disagree.

A module per service; import the module, not the single record::

    from cdk_standby_review.facts import aurora

    aurora.READERS.value          # Range(low=0, high=15)
    aurora.READERS.source         # the AWS page
"""

from ._model import Confidence, Fact, Range

__all__ = ["Confidence", "Fact", "Range"]
