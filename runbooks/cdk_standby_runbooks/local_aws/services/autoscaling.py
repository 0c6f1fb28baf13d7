"""EC2 Auto Scaling: groups whose instances spread over zones. Nothing of it reaches the emulator."""

from __future__ import annotations

from ..wire import Operation
from ._autoscaling import around, groups
from ._kept import refuse_the_rest

MODELLED: dict[str, Operation] = {
    "CreateAutoScalingGroup": groups.create,
    "DescribeAutoScalingGroups": groups.describe,
    "DescribeAutoScalingInstances": groups.describe_instances,
    "UpdateAutoScalingGroup": groups.update,
    "DeleteAutoScalingGroup": groups.delete,
    "SetDesiredCapacity": groups.set_desired,
    "SetInstanceHealth": groups.set_health,
    "TerminateInstanceInAutoScalingGroup": groups.terminate,
    "AttachLoadBalancerTargetGroups": groups.attach_targets,
    "DetachLoadBalancerTargetGroups": groups.detach_targets,
    "DescribeLoadBalancerTargetGroups": groups.describe_targets,
    "CreateOrUpdateTags": groups.put_tags,
    "DeleteTags": groups.delete_tags,
    "DescribeTags": groups.describe_tags,
    "PutScalingPolicy": around.put_policy,
    "DescribePolicies": around.describe_policies,
    "DeletePolicy": around.delete_policy,
    "PutLifecycleHook": around.put_hook,
    "DescribeLifecycleHooks": around.describe_hooks,
    "DeleteLifecycleHook": around.delete_hook,
    "PutNotificationConfiguration": around.put_notifications,
    "DescribeNotificationConfigurations": around.describe_notifications,
    "EnableMetricsCollection": around.enable_metrics,
    "DescribeMetricCollectionTypes": around.metric_types,
    "SuspendProcesses": around.suspend,
    "ResumeProcesses": around.resume,
    "DescribeScalingActivities": around.activities,
    "StartInstanceRefresh": around.start_refresh,
    "DescribeInstanceRefreshes": around.describe_refreshes,
}

OPERATIONS = refuse_the_rest("autoscaling", MODELLED)
