import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName, type Scope, tags } from "./names";

export interface ClusterArgs {
  readonly scope: Scope;
  /** CPU, memory and network metrics for each task; billed as custom metrics. @default false */
  readonly containerInsights?: boolean;
}

/** Where every process, schedule and job of one environment runs: Fargate, so no machines of its own. */
export class Cluster extends pulumi.ComponentResource {
  public readonly clusterArn: pulumi.Output<string>;
  /** What workflows and scaling targets name it by. */
  public readonly clusterName: pulumi.Output<string>;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:cluster:Cluster", name, {}, opts);

    const cluster = new aws.ecs.Cluster(
      name,
      {
        name: physicalName(args.scope, "", 255),
        settings: [{ name: "containerInsights", value: args.containerInsights ? "enabled" : "disabled" }],
        tags: tags(args.scope, "cluster"),
      },
      { parent: this },
    );

    this.clusterArn = cluster.arn;
    this.clusterName = cluster.name;
    this.registerOutputs({ clusterArn: this.clusterArn, clusterName: this.clusterName });
  }
}
