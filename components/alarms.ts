import type { Input } from "@pulumi/pulumi";
import { databaseAlarms } from "./database-alarms";
import type { Alarm } from "./metric-alarm";
import { awake, type Watched, type WatchedService } from "./watched";

/** The alarms of one environment, by key. A process that is asleep has none. */
export function alarms(watched: Watched): Record<string, Alarm> {
  return {
    ...balancerAlarms(watched),
    ...each("service", awake(watched.services), (service) => serviceAlarms(watched, service)),
    ...each("database", watched.databases, databaseAlarms),
    ...each("queue", watched.queues, queueAlarms),
    "certificate-expiry": {
      description:
        "The origin's certificate expires within 30 days: ACM did not renew it. Check its records.",
      namespace: "AWS/CertificateManager",
      metric: "DaysToExpiry",
      dimensions: { CertificateArn: watched.certificateArn },
      statistic: "Minimum",
      period: 86_400,
      periods: 1,
      beyond: { below: 30 },
    },
  };
}

/** Quiet while no process serves: a balancer without targets answers 503, and rightly so. */
function balancerAlarms({ balancerArnSuffix, services, slow }: Watched): Record<string, Alarm> {
  const serving = Object.values(awake(services)).some(
    (service) => service.targetGroupArnSuffix !== undefined,
  );
  if (!serving) return {};
  const balancer = { namespace: "AWS/ApplicationELB", dimensions: { LoadBalancer: balancerArnSuffix } };
  const fiveMinutes = { ...balancer, statistic: "Sum", period: 300, periods: 1 } as const;
  return {
    "balancer-errors": {
      ...fiveMinutes,
      description: "The balancer itself answered 5xx more than 10 times in 5 minutes: no process was ready.",
      metric: "HTTPCode_ELB_5XX_Count",
      beyond: { above: 10 },
    },
    "application-errors": {
      ...fiveMinutes,
      description: "Processes answered 5xx more than 10 times in 5 minutes: read their logs.",
      metric: "HTTPCode_Target_5XX_Count",
      beyond: { above: 10 },
    },
    "slow-answers": {
      ...balancer,
      description: `The slowest 5 % of answers took more than ${slow} s for 15 minutes.`,
      metric: "TargetResponseTime",
      statistic: "p95",
      period: 300,
      periods: 3,
      beyond: { above: slow },
    },
  };
}

/** Silence is the alarm: a process that runs reports its load every minute, healthy targets likewise. */
function serviceAlarms(
  { balancerArnSuffix, clusterName }: Watched,
  { serviceName, targetGroupArnSuffix }: WatchedService,
): Record<string, Alarm> {
  if (targetGroupArnSuffix !== undefined)
    return {
      unhealthy: {
        description: "no copy has been healthy for 3 minutes; the public gets errors.",
        namespace: "AWS/ApplicationELB",
        metric: "HealthyHostCount",
        dimensions: { LoadBalancer: balancerArnSuffix, TargetGroup: targetGroupArnSuffix },
        statistic: "Maximum",
        period: 60,
        periods: 3,
        beyond: { below: 1 },
        missing: "breaching",
      },
    };
  return {
    stopped: {
      // Ten minutes: a process of which there is never more than one pauses for each deployment.
      description: "no copy has run for 10 minutes. Read the service's events and its logs.",
      namespace: "AWS/ECS",
      metric: "CPUUtilization",
      dimensions: { ClusterName: clusterName, ServiceName: serviceName },
      statistic: "SampleCount",
      period: 60,
      periods: 10,
      beyond: { below: 1 },
      missing: "missing",
    },
  };
}

function queueAlarms(queueName: Input<string>): Record<string, Alarm> {
  return {
    undelivered: {
      description: "what could not be delivered lies in it. Each message says what, and why.",
      namespace: "AWS/SQS",
      metric: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: queueName },
      statistic: "Maximum",
      period: 300,
      periods: 1,
      beyond: { above: 0 },
    },
  };
}

/** The alarms of each member, under `<kind>-<its key>-<the alarm's key>`. */
function each<T>(
  kind: string,
  members: Readonly<Record<string, T>>,
  alarmsOf: (member: T) => Record<string, Alarm>,
): Record<string, Alarm> {
  return Object.fromEntries(
    Object.entries(members).flatMap(([key, member]) =>
      Object.entries(alarmsOf(member)).map(([what, alarm]) => [
        `${kind}-${key}-${what}`,
        { ...alarm, description: `${kind} ${key}: ${alarm.description}` },
      ]),
    ),
  );
}
