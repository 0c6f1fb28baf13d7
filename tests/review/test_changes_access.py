"""Who may do more than before."""

from __future__ import annotations

import pytest

from cdk_standby_review import review_templates

READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shop/*"}


@pytest.fixture(scope="module")
def wider(make):
    def ask(base, head):
        rest = {"Topic": make.resource("AWS::SNS::Topic")}
        found = review_templates([make.template(head | rest)], against=[make.template(base | rest)]).changes
        return [c.message for c in found if c.kind == "access-widened"]

    return ask


def policy(make, *statements):
    return {"Policy": make.resource("AWS::IAM::Policy", PolicyDocument={"Statement": list(statements)})}


def trust(make, principal, **more):
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal, **more}
    return {"Role": make.resource("AWS::IAM::Role", AssumeRolePolicyDocument={"Statement": [statement]})}


LAMBDA = {"Service": "lambda.amazonaws.com"}


@pytest.mark.parametrize(
    ("statement", "messages"),
    [
        (READ, []),
        (READ | {"Action": ["s3:GetObject", "s3:PutObject"]}, []),
        (READ | {"Action": "s3:*"}, ["now allows every action 's3:*'"]),
        (READ | {"Action": "*"}, ["now allows every action '*'"]),
        (READ | {"Resource": "*"}, []),
        (READ | {"Action": "s3:PutObject", "Resource": "*"}, ["now allows s3:PutObject on every resource"]),
        ({"Effect": "Allow", "Action": "xray:PutTraceSegments", "Resource": "*"}, []),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "arn:x"}, ["now allows every action '*'"]),
        ({"Effect": "Deny", "Action": "*", "Resource": "*"}, []),
    ],
)
def test_new_wildcards_are_told_and_nothing_else(make, wider, statement, messages):
    assert wider(policy(make, READ), policy(make, statement)) == messages


def test_a_wildcard_that_was_there_is_not_told_again(make, wider):
    wide = READ | {"Action": "s3:*", "Resource": "*"}

    assert wider(policy(make, wide), policy(make, READ, wide)) == []
    assert wider({}, policy(make, wide)) == ["now allows every action 's3:*'"]


def test_whoever_narrows_a_wildcard_lets_nobody_do_more(make, wider):
    everything = READ | {"Action": "*", "Resource": "*"}
    narrower = READ | {"Action": ["s3:*", "sqs:SendMessage"], "Resource": "*"}

    assert wider(policy(make, everything), policy(make, narrower)) == []
    assert wider(trust(make, "*"), trust(make, LAMBDA)) == []


@pytest.mark.parametrize(
    ("was", "now", "messages"),
    [
        (LAMBDA, LAMBDA, []),
        (LAMBDA, {"Service": ["lambda.amazonaws.com", "ec2.amazonaws.com"]}, ["now lets in 'ec2.amazonaws.com'"]),
        (LAMBDA, "*", ["now lets in everybody ('*')"]),
        (LAMBDA, {"AWS": "*"}, ["now lets in everybody ('*')"]),
        (
            LAMBDA,
            {"AWS": "arn:aws:iam::222222222222:root"},
            ["now lets in 'arn:aws:iam::222222222222:root'"],
        ),
        (None, LAMBDA, []),
        (None, {"AWS": "222222222222"}, ["now lets in '222222222222'"]),
        (None, {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}, []),
    ],
)
def test_new_principals_are_told(make, wider, was, now, messages):
    assert wider(trust(make, was) if was else {}, trust(make, now)) == messages


def test_a_condition_that_is_gone_lets_more_in(make, wider):
    held = {"Condition": {"StringEquals": {"aws:SourceAccount": "111111111111"}}}

    assert wider(trust(make, LAMBDA, **held), trust(make, LAMBDA)) == [
        "allows sts:AssumeRole without the condition StringEquals aws:SourceAccount"
    ]
    assert wider(trust(make, LAMBDA), trust(make, LAMBDA, **held)) == []


def test_a_denial_that_is_gone_lets_more_in(make, wider):
    deny = {"Effect": "Deny", "Action": "s3:*", "Principal": "*", "Resource": "*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}}}  # fmt: skip

    def bucket(*statements):
        return {"P": make.resource("AWS::S3::BucketPolicy", PolicyDocument={"Statement": list(statements)})}

    assert wider(bucket(deny, READ), bucket(READ)) == ["no longer denies s3:*"]
    assert wider(bucket(READ), bucket(deny, READ)) == []


def test_the_policy_of_a_key_means_the_key_itself(make, wider):
    use = {"Effect": "Allow", "Action": "kms:Encrypt", "Principal": LAMBDA, "Resource": "*"}
    root = {"Effect": "Allow", "Action": "kms:*", "Resource": "*", "Principal": LAMBDA}

    def key(*statements):
        return {"Key": make.resource("AWS::KMS::Key", KeyPolicy={"Statement": list(statements)})}

    assert wider(key(root), key(root, use)) == []


def test_a_managed_policy_of_great_power_is_told(make, wider):
    def role(*arns):
        return {
            "Role": make.resource("AWS::IAM::Role", ManagedPolicyArns=[f"arn:aws:iam::aws:policy/{a}" for a in arns])
        }

    assert wider(role(), role("AdministratorAccess", "ReadOnlyAccess")) == [
        "now has the managed policy AdministratorAccess"
    ]


def ingress(make, *rules):
    return {"Group": make.resource("AWS::EC2::SecurityGroup", SecurityGroupIngress=list(rules))}


def door(source, port=443, name="CidrIp", protocol="tcp"):
    return {"IpProtocol": protocol, "FromPort": port, "ToPort": port, name: source}


INSIDE = door("10.0.0.0/8")


@pytest.mark.parametrize(
    ("rules", "messages"),
    [
        ([INSIDE], []),
        ([door("0.0.0.0/0")], ["now lets in tcp 443 from everywhere, 0.0.0.0/0"]),
        ([INSIDE, door("::/0", name="CidrIpv6")], ["now lets in tcp 443 from everywhere, ::/0"]),
        ([door("192.168.1.0/0")], ["now lets in tcp 443 from everywhere, 192.168.1.0/0"]),
        ([door("0.0.0.0/0", protocol="-1")], ["now lets in every port from everywhere, 0.0.0.0/0"]),
        ([INSIDE, door("10.0.0.0/8", port=22)], ["now lets in tcp 22 from 10.0.0.0/8"]),
    ],
)
def test_new_doors_of_a_security_group_are_told(make, wider, rules, messages):
    assert wider(ingress(make, INSIDE), ingress(make, *rules)) == messages


def test_a_rule_that_moves_out_of_its_group_opens_nothing(make, wider):
    outside = {"In": make.resource("AWS::EC2::SecurityGroupIngress", GroupId={"Ref": "Group"}, **INSIDE)}

    assert wider(ingress(make, INSIDE), ingress(make) | outside) == []


def test_a_new_group_is_told_when_it_is_open_to_everybody(make, wider):
    assert wider({}, ingress(make, INSIDE)) == []
    assert wider({}, ingress(make, door("0.0.0.0/0"))) == ["now lets in tcp 443 from everywhere, 0.0.0.0/0"]


def test_doors_to_the_internet_are_told(make, wider):
    closed = dict.fromkeys(("BlockPublicAcls", "BlockPublicPolicy"), True)
    base = {
        "Bucket": make.resource("AWS::S3::Bucket", PublicAccessBlockConfiguration=closed),
        "Db": make.resource("AWS::RDS::DBInstance", PubliclyAccessible=False),
    }
    head = {
        "Bucket": make.resource("AWS::S3::Bucket"),
        "Db": make.resource("AWS::RDS::DBInstance", PubliclyAccessible=True),
        "Url": make.resource("AWS::Lambda::Url", AuthType="NONE"),
    }

    assert wider(base, head) == [
        "no longer blocks public access (BlockPublicAcls, BlockPublicPolicy)",
        "now has an address on the Internet (PubliclyAccessible)",
        "now answers everybody on the Internet (AuthType NONE)",
    ]
