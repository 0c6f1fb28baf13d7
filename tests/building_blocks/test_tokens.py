"""What our quick look takes for a token is what the CDK takes for one."""

import aws_cdk as cdk
from hypothesis import given
from hypothesis import strategies as st

from cdk_standby._tokens import is_token

numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False, min_value=-1e200)


def test_every_kind_of_token_is_seen():

    tokens = [
        cdk.Aws.REGION,
        f"arn:{cdk.Aws.PARTITION}:s3:::name",
        cdk.Fn.get_att("Thing", "Arn").to_string(),
        cdk.Token.as_number(cdk.Fn.ref("Number")),
        cdk.Token.as_list(cdk.Fn.get_azs()),
        [cdk.Fn.select(0, cdk.Fn.get_azs()), "plain"],
    ]

    for token in tokens:
        assert is_token(token)
        assert cdk.Token.is_unresolved(token) or isinstance(token, list)


@given(st.text() | numbers | st.booleans() | st.none())
def test_what_a_person_types_is_no_token(value):
    assert not is_token(value)
