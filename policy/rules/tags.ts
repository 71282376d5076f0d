import { fields } from "../reading";
import type { Rule } from "../rule";

/** Who a resource belongs to can be read off the resource. */
export const requiredTags: Rule = {
  name: "required-tags",
  why: "bills, clean-ups and incidents start from a resource and ask whose it is",
  remedy: "give it tags(scope, role) of components/names.ts",
  check: ({ type, props, environment }) => {
    if (!TAGGABLE.includes(type)) return [];
    const tags = fields(props.tags);
    const missing = ["Project", "Environment", "ManagedBy"].filter((name) => !tags[name]);
    if (missing.length > 0) return [`it has no tag ${missing.join(", ")}`];
    const said = String(tags.Environment);
    return said === environment ? [] : [`its tag Environment says ${said}, and it stands in ${environment}`];
  },
};

/** The types in use that take tags. */
export const TAGGABLE: readonly string[] = [
  "aws:acm/certificate:Certificate",
  "aws:appautoscaling/target:Target",
  "aws:backup/plan:Plan",
  "aws:backup/vault:Vault",
  "aws:budgets/budget:Budget",
  "aws:cloudwatch/compositeAlarm:CompositeAlarm",
  "aws:cloudwatch/eventRule:EventRule",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:cloudwatch/metricAlarm:MetricAlarm",
  "aws:ec2/eip:Eip",
  "aws:ec2/flowLog:FlowLog",
  "aws:ec2/internetGateway:InternetGateway",
  "aws:ec2/managedPrefixList:ManagedPrefixList",
  "aws:ec2/natGateway:NatGateway",
  "aws:ec2/routeTable:RouteTable",
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ec2/subnet:Subnet",
  "aws:ec2/vpc:Vpc",
  "aws:ec2/vpcEndpoint:VpcEndpoint",
  "aws:ecr/repository:Repository",
  "aws:ecs/cluster:Cluster",
  "aws:ecs/service:Service",
  "aws:ecs/taskDefinition:TaskDefinition",
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
  "aws:iam/policy:Policy",
  "aws:iam/role:Role",
  "aws:kms/key:Key",
  "aws:lambda/function:Function",
  "aws:lb/listener:Listener",
  "aws:lb/listenerRule:ListenerRule",
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:lb/targetGroup:TargetGroup",
  "aws:rds/eventSubscription:EventSubscription",
  "aws:rds/instance:Instance",
  "aws:rds/parameterGroup:ParameterGroup",
  "aws:rds/snapshot:Snapshot",
  "aws:rds/subnetGroup:SubnetGroup",
  "aws:route53/healthCheck:HealthCheck",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketObjectv2:BucketObjectv2",
  "aws:scheduler/scheduleGroup:ScheduleGroup",
  "aws:secretsmanager/secret:Secret",
  "aws:sns/topic:Topic",
  "aws:sqs/queue:Queue",
  "aws:ssm/parameter:Parameter",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
];
