import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { CheckedSite } from "./hosts";
import type { Verification } from "./passport";
import type { ReleaseBackup } from "./release";
import type { Releaser } from "./releaser";

export interface DeploymentCheckArgs {
  readonly releaser: Pick<Releaser, "functionName">;
  readonly sites: readonly CheckedSite[];
  /** Identifiers of the databases that have to serve. */
  readonly databases: readonly pulumi.Input<string>[];
  /** Values that belong to this environment alone, by application and variable: no script may carry them. */
  readonly values: Readonly<Record<string, Readonly<Record<string, pulumi.Input<string>>>>>;
  /** Paths that applications make while they run, by application. */
  readonly runtimeScripts: Readonly<Record<string, readonly string[]>>;
  /** The backups of releases that migrated. */
  readonly migrated: pulumi.Input<readonly ReleaseBackup[]>;
  /** What was deployed: each change of it is looked at anew. */
  readonly deployed: Readonly<Record<string, pulumi.Input<string>>>;
  /** Everything that has to stand first. */
  readonly after: readonly pulumi.Resource[];
}

/** A look at the whole environment after each deployment, as its users see it. Where it is not well, the update fails. */
export class DeploymentCheck extends pulumi.ComponentResource {
  public readonly verification: pulumi.Output<Verification>;

  constructor(name: string, args: DeploymentCheckArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:release:DeploymentCheck", name, {}, opts);
    const { sites, databases, values, runtimeScripts, migrated } = args;

    const look = new aws.lambda.Invocation(
      name,
      {
        functionName: args.releaser.functionName,
        input: pulumi.jsonStringify({
          do: "verify",
          sites,
          databases,
          values: pulumi.output(values).apply(distinctive),
          runtimeScripts,
          migrated,
        }),
        triggers: args.deployed,
      },
      { parent: this, dependsOn: [...args.after] },
    );

    this.verification = look.result.apply((result) => JSON.parse(result ?? "null") as Verification);
    this.registerOutputs({ verification: this.verification });
  }
}

/** Shorter values stand in scripts by chance. */
function distinctive(values: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  const long = (all: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(all).filter(([, value]) => value.length >= 8));
  return Object.fromEntries(
    Object.entries(values).map(([application, all]) => [application, long(all)] as const),
  );
}
