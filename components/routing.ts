import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { ProcessSettings } from "../config/schema";
import { routeOf } from "./hosts";
import { physicalName, type Scope, tags } from "./names";
import { rulePriorities } from "./priorities";

/** The header by which the load balancer knows that a request came through the edge. */
export const ORIGIN_KEY_HEADER = "X-Origin-Key";

export interface RoutingArgs {
  readonly scope: Scope;
  readonly application: string;
  readonly key: string;
  readonly settings: ProcessSettings;
  readonly vpcId: pulumi.Input<string>;
  readonly listenerArn: pulumi.Input<string>;
  /** What the edge says in {@link ORIGIN_KEY_HEADER}: without it no rule answers. */
  readonly originKey: pulumi.Input<string>;
  /** Every route of the environment: what rule priorities are drawn from. */
  readonly routes: readonly string[];
}

export interface Routing {
  readonly targetGroup: aws.lb.TargetGroup;
  readonly rules: readonly aws.lb.ListenerRule[];
}

/** The way from the load balancer to a process, or nothing where it has no host. */
export function declareRouting(
  parent: pulumi.ComponentResource,
  name: string,
  args: RoutingArgs,
): Routing | undefined {
  const { application, key, settings } = args;
  const { host, aliases } = settings;
  if (host === undefined) return undefined;
  const targetGroup = declareTargetGroup(parent, name, args);
  const forward = { type: "forward", targetGroupArn: targetGroup.arn };
  const rules = [
    declareRule(parent, `${name}-rule`, args, routeOf(application, key), host, forward),
    ...aliases.map((alias) =>
      declareRule(
        parent,
        `${name}-alias-${alias}`,
        args,
        routeOf(application, key, alias),
        alias,
        redirectTo(host),
      ),
    ),
  ];
  return { targetGroup, rules };
}

function declareTargetGroup(parent: pulumi.ComponentResource, name: string, args: RoutingArgs) {
  const { scope, application, key, settings } = args;
  return new aws.lb.TargetGroup(
    `${name}-target`,
    {
      // The port is part of the name: a new port makes a new group, which stands beside the old one for a while.
      name: physicalName(scope, `${application}--${key}--${settings.port}`, 32),
      targetType: "ip",
      protocol: "HTTP",
      port: settings.port,
      vpcId: args.vpcId,
      deregistrationDelay: settings.stopTimeout,
      healthCheck: {
        path: settings.healthPath,
        matcher: "200-399",
        interval: 15,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      },
      tags: tags(scope, `${application}_${key}`),
    },
    { parent },
  );
}

function declareRule(
  parent: pulumi.ComponentResource,
  name: string,
  args: RoutingArgs,
  route: string,
  host: string,
  action: aws.types.input.lb.ListenerRuleAction,
): aws.lb.ListenerRule {
  const priority = rulePriorities(args.routes)[route];
  if (priority === undefined)
    throw new Error(
      `Route "${route}" is not among the environment's routes (${args.routes.join(", ")}). Add it there.`,
    );
  return new aws.lb.ListenerRule(
    name,
    {
      listenerArn: args.listenerArn,
      priority,
      conditions: [
        { hostHeader: { values: [host] } },
        { httpHeader: { httpHeaderName: ORIGIN_KEY_HEADER, values: [args.originKey] } },
      ],
      actions: [action],
      tags: tags(args.scope, `${args.application}_${args.key}`),
    },
    { parent },
  );
}

/** The same path and query at the main host, for good. */
function redirectTo(host: string): aws.types.input.lb.ListenerRuleAction {
  return {
    type: "redirect",
    redirect: {
      host,
      protocol: "HTTPS",
      port: "443",
      path: "/#{path}",
      query: "#{query}",
      statusCode: "HTTP_301",
    },
  };
}
