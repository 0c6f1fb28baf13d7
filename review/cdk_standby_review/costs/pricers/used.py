"""Types that are paid by use alone, and whose unit prices nobody has looked up."""

from __future__ import annotations

from .._parts import Pricer, by_use

_API, _EVENTS, _FLOWS = by_use("calls of an API"), by_use("events"), by_use("transitions of state machines")
_RUNS, _SNAPSHOTS, _BUILDS = by_use("run time of jobs"), by_use("snapshots kept"), by_use("minutes of builds")
_FUNCTIONS, _MAIL, _ASSISTED = by_use("requests and run time of functions"), by_use("mail"), by_use("queries")

PRICERS: dict[str, Pricer] = {
    "AWS::ACMPCA::Certificate": by_use("certificates issued"),
    "AWS::ApiGateway::RestApi": _API,
    "AWS::ApiGatewayV2::Api": _API,
    "AWS::AppSync::Api": _API,
    "AWS::AppSync::GraphQLApi": _API,
    "AWS::Athena::WorkGroup": _ASSISTED,
    "AWS::CloudWatch::InsightRule": by_use("events that rules match"),
    "AWS::CloudWatch::MetricStream": by_use("metrics sent"),
    "AWS::CodeBuild::Project": _BUILDS,
    "AWS::CodeCommit::Repository": by_use("active users"),
    "AWS::CodePipeline::Pipeline": by_use("active pipelines, or minutes of their runs"),
    "AWS::Cognito::UserPool": by_use("active users"),
    "AWS::Events::ApiDestination": _EVENTS,
    "AWS::Events::EventBus": _EVENTS,
    "AWS::Glue::Crawler": _RUNS,
    "AWS::Glue::Job": _RUNS,
    "AWS::IoT::TopicRule": _EVENTS,
    "AWS::KinesisFirehose::DeliveryStream": by_use("data delivered"),
    "AWS::Pipes::Pipe": _EVENTS,
    "AWS::RDS::ClusterSnapshot": _SNAPSHOTS,
    "AWS::RDS::DBSnapshot": _SNAPSHOTS,
    "AWS::Route53Resolver::FirewallRuleGroup": _ASSISTED,
    "AWS::S3Express::DirectoryBucket": by_use("objects kept", "requests"),
    "AWS::SES::ConfigurationSet": _MAIL,
    "AWS::Serverless::Api": _API,
    "AWS::Serverless::Function": _FUNCTIONS,
    "AWS::Serverless::GraphQLApi": _API,
    "AWS::Serverless::HttpApi": _API,
    "AWS::Serverless::StateMachine": _FLOWS,
    "AWS::StepFunctions::StateMachine": _FLOWS,
    "AWS::Timestream::Table": by_use("data written, kept and scanned"),
}
