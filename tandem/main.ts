import { Command, CommanderError, Option } from "commander";
import { ENVIRONMENTS, type EnvironmentName } from "../config/settings";
import { map } from "./commands/map";
import { parity } from "./commands/parity";
import { plan } from "./commands/plan";
import { rehearse } from "./commands/rehearse";
import { CommandError, EXIT } from "./errors";
import { examples } from "./project";

const EXIT_CODES = `
Exit codes: ${EXIT.done} done, ${EXIT.refused} refused (configuration, cloud or gate), ${EXIT.usage} wrong command line, ${EXIT.differs} a difference where none may be.`;

const example = () =>
  new Option("-e, --example <name>", "an example instead of this project's own configuration").choices(
    examples(),
  );

const program = new Command("tandem")
  .description("A sandbox and a production that are the same thing twice.")
  .exitOverride()
  .addHelpText("after", EXIT_CODES);

program
  .command("rehearse")
  .argument("[example]", `one of ${examples().join(", ")}; without it, this project's own configuration`)
  .description("bring the sandbox up and promote it to production, on this machine, without any account")
  .addOption(
    new Option("--engine <which>", "pulumi: the real engine; process: in this process")
      .choices(["auto", "pulumi", "process"])
      .default("auto"),
  )
  .option("--fresh", "forget the former rehearsal first")
  .action((name: string | undefined, options) => rehearse({ example: name, ...options }));

program
  .command("parity")
  .description("compare the two environments: every difference must stand in the table, with its reason")
  .addOption(example())
  .option("--json", "for machines")
  .action(parity);

program
  .command("plan")
  .description("what an up would do to the rehearsed environments")
  .addOption(new Option("-s, --stack <stack>", "one environment only").choices([...ENVIRONMENTS]))
  .addOption(example())
  .option("--json", "for machines: steps and resources; secrets are masked")
  .action((options: { stack?: EnvironmentName; example?: string; json?: boolean }) => plan(options));

program
  .command("map")
  .description("a Mermaid picture of an environment, drawn from its plan")
  .addOption(
    new Option("-s, --stack <stack>", "which environment").choices([...ENVIRONMENTS]).default("prod"),
  )
  .addOption(example())
  .action(map);

// Whoever reads only the head of what is printed closes the pipe: that is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(EXIT.done);
});

async function main(): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

/** Says what went wrong, once, and which code the process ends with. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  const known =
    error instanceof CommandError || (error as { __pulumiRunError?: boolean }).__pulumiRunError === true;
  console.error(known ? (error as Error).message : ((error as Error).stack ?? String(error)));
  return error instanceof CommandError ? error.exitCode : EXIT.refused;
}

void main();
