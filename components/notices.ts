import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName, type Scope, tags } from "./names";

export interface NoticesArgs {
  readonly scope: Scope;
  /** Who is told by mail. Each address confirms once for each topic. */
  readonly mails: readonly string[];
}

/** Where Route 53 keeps its metrics, and so the only region where its alarms and their topic can be. */
const GLOBAL_REGION = "us-east-1";

/**
 * Where failures speak: one topic of the environment, and a second in the one region where Route 53 reports.
 *
 * The topics have no key of their own: alarms cannot use AWS's managed key, one of ours would cost $1 a month
 * for each topic, and a notice says what failed, never a value.
 */
export class Notices extends pulumi.ComponentResource {
  public readonly topicArn: pulumi.Output<string>;
  /** The topic in us-east-1, for alarms on Route 53 health checks. */
  public readonly globalTopicArn: pulumi.Output<string>;

  constructor(name: string, args: NoticesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:notices:Notices", name, {}, opts);

    this.topicArn = topic(this, name, args);
    this.globalTopicArn = topic(this, `${name}-global`, args, GLOBAL_REGION);
    this.registerOutputs({ topicArn: this.topicArn, globalTopicArn: this.globalTopicArn });
  }
}

function topic(
  parent: Notices,
  name: string,
  { scope, mails }: NoticesArgs,
  region?: string,
): pulumi.Output<string> {
  const where = region === undefined ? {} : { region };
  const role = region === undefined ? "notices" : "notices-global";
  const made = new aws.sns.Topic(
    name,
    { ...where, name: physicalName(scope, role), tags: tags(scope, role) },
    { parent },
  );
  const policy = new aws.sns.TopicPolicy(
    name,
    { ...where, arn: made.arn, policy: made.arn.apply((arn) => noticesPolicy(arn, scope)) },
    { parent },
  );
  for (const endpoint of new Set(mails))
    new aws.sns.TopicSubscription(
      `${name}-${endpoint}`,
      { ...where, topic: made.arn, protocol: "email", endpoint },
      { parent },
    );
  // From the policy, so that nothing is told to speak here before it may.
  return policy.arn;
}

/** The services that say on whose behalf they publish. */
const ATTRIBUTED = ["cloudwatch.amazonaws.com", "budgets.amazonaws.com", "events.rds.amazonaws.com"];
/**
 * EventBridge and AWS Backup: EventBridge documents no conditions for topics, and a notice that a condition
 * swallows is worse than one from a stranger who knows the topic's name.
 */
const UNATTRIBUTED = ["events.amazonaws.com", "backup.amazonaws.com"];

/** The services that may publish, over TLS only. Roles of this account need no word here: their own policy does. */
export function noticesPolicy(topicArn: string, { accountId }: Scope): string {
  const publish = { Effect: "Allow", Action: "sns:Publish", Resource: topicArn };
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "ServicesOfThisAccount",
        ...publish,
        Principal: { Service: ATTRIBUTED },
        Condition: { StringEquals: { "aws:SourceAccount": accountId } },
      },
      { Sid: "Services", ...publish, Principal: { Service: UNATTRIBUTED } },
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "sns:Publish",
        Resource: topicArn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
}
