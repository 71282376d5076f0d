import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { mapValues } from "./collections";
import type { ReleasedDatabase } from "./release";
import type { Releaser } from "./releaser";
import type { Task } from "./task";

export interface DemoDataArgs {
  /** Key of the application whose data it is. */
  readonly application: string;
  /** The databases that the application uses, by key. */
  readonly databases: Readonly<Record<string, ReleasedDatabase>>;
  /** The command that loads the data. */
  readonly command: Task;
  readonly releaser: Pick<Releaser, "functionName">;
  /** What has to be done before: the tables are there by then. */
  readonly after: readonly pulumi.Resource[];
}

/**
 * Demonstration data, loaded once in the life of a database: by the first release, and again where the database was
 * replaced. A new image, or another command, loads nothing.
 */
export class DemoData extends pulumi.ComponentResource {
  /** What has to be done before a version serves the data. */
  public readonly step: pulumi.Resource;

  constructor(name: string, args: DemoDataArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:release:DemoData", name, {}, opts);
    const { application, command } = args;

    const key = new random.RandomId(
      `${name}-key`,
      { byteLength: 4, keepers: mapValues(args.databases, ({ life }) => life) },
      { parent: this },
    );
    this.step = new aws.lambda.Invocation(
      `${name}-run`,
      {
        functionName: args.releaser.functionName,
        input: pulumi.jsonStringify({
          do: "demo",
          application,
          key: key.hex,
          taskDefinition: command.family,
          logGroup: command.logGroupName,
        }),
      },
      { parent: this, dependsOn: [...args.after, command] },
    );
    this.registerOutputs({});
  }
}
