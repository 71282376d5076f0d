import { Argument, CommanderError, Option } from "commander";
import { ENVIRONMENTS } from "../config/settings";
import { CommandLine } from "./command-line";
import { CommandError, EXIT } from "./errors";
import { examples } from "./project";

const ENDING = `
They act on the rehearsal; with --real, where there is one, on the clouds.
npx tandem <command> --help says more.
Exit codes: ${EXIT.done} done, ${EXIT.refused} refused (configuration, cloud or gate), ${EXIT.usage} wrong command line, ${EXIT.differs} a difference where none may be.`;

const example = () =>
  new Option("-e, --example <name>", "an example instead of this project's own configuration").choices(
    examples(),
  );

const real = () => new Option("--real", "the real clouds, as pulumi is logged in, instead of the rehearsal");

const reviews = () =>
  new Option("--reviewed <file...>", "reviews as Markdown: a step that none has shown stops it");

const unreviewed = () => new Option("--accept-unreviewed", "let through what no review has shown");

const whichStack = () => new Option("-s, --stack <stack>", "which environment").choices([...ENVIRONMENTS]);

const asked = () =>
  new Option(
    "--asked <name>",
    "wait for what an interrupted call of that name began, instead of beginning anew",
  );

/** A command is loaded when it is called: `--help` waits for none of them. */
const later =
  (load: () => (...words: never[]) => Promise<void>) =>
  (...words: unknown[]): Promise<void> =>
    (load() as (...words: unknown[]) => Promise<void>)(...words);

/** Every command; those who call several processes one see it whole, too. */
export const program = new CommandLine("tandem")
  .description("A sandbox and a production that are the same thing twice.")
  .exitOverride()
  .helpCommand(false)
  .addHelpText("after", ENDING);

program.under("Rehearse");

program
  .command("rehearse")
  .summary("bring both environments up on this machine, without any account")
  .addArgument(new Argument("[example]", "without it, this project's own configuration").choices(examples()))
  .description("bring the sandbox up and promote it to production, on this machine, without any account")
  .addOption(
    new Option("--engine <which>", "pulumi: the real engine; process: in this process")
      .choices(["auto", "pulumi", "process"])
      .default("auto"),
  )
  .option("--fresh", "forget the former rehearsal first")
  .action(async (example: string | undefined, options) =>
    require("./commands/rehearse").rehearse({ example, ...options }),
  );

program
  .command("plan")
  .summary("what an up would do now")
  .description("what an up would do to the rehearsed environments")
  .addOption(new Option("-s, --stack <stack>", "one environment only").choices([...ENVIRONMENTS]))
  .addOption(example())
  .addOption(real())
  .option("--json", "for machines: steps and resources; secrets are masked")
  .action(later(() => require("./commands/plan").plan));

program
  .command("parity")
  .summary("what differs between the two, and why")
  .description("compare the two environments: every difference must stand in the table, with its reason")
  .addOption(example())
  .option("--json", "for machines")
  .action(later(() => require("./commands/parity").parity));

program
  .command("map")
  .summary("a picture of an environment, in Mermaid")
  .description("a Mermaid picture of an environment, drawn from its plan")
  .addOption(
    new Option("-s, --stack <stack>", "which environment").choices([...ENVIRONMENTS]).default("prod"),
  )
  .addOption(example())
  .action(later(() => require("./commands/map").map));

program.under("Release");

program
  .command("review")
  .summary("what a change would do to both environments, as one comment")
  .description("what a change would do to both environments, as one Markdown comment")
  .option("--base <commit>", "rehearse that commit, and see what the files here would change: no credentials")
  .option("--sandbox <file>", "instead: what pulumi preview --json wrote for the sandbox")
  .option("--prod <file>", "and for production")
  .addOption(example())
  .option("-o, --out <file>", "where the comment goes; without it, it is printed")
  .option("--json", "for machines: steps, and never a value")
  .action(later(() => require("./commands/review").review));

program
  .command("apply")
  .summary("bring an environment up with what was reviewed")
  .description("bring an environment up with what was reviewed, and with nothing else")
  .addOption(
    new Option("-s, --stack <stack>", "which environment").choices([...ENVIRONMENTS]).makeOptionMandatory(),
  )
  .option(
    "--release <image...>",
    "new images for the sandbox, <application>=sha256:...; it remembers them, and no file changes",
  )
  .addOption(reviews())
  .addOption(unreviewed())
  .addOption(example())
  .addOption(real())
  .option("-y, --yes", "do not ask")
  .action(later(() => require("./commands/apply").apply));

program
  .command("verify")
  .summary("look at the running sandbox once more")
  .description("look at the running sandbox once more: a promotion wants a fresh look")
  .addOption(example())
  .addOption(real())
  .action(later(() => require("./commands/verify").verify));

program
  .command("promote")
  .summary("take what the sandbox proved to production, or go back")
  .description("take what the sandbox proved to production: shows what changes, asks, and does it")
  .addOption(example())
  .addOption(real())
  .option(
    "--back [id]",
    "go back to a release that production ran: the one before, or the passport of that id",
  )
  .addOption(reviews())
  .addOption(unreviewed())
  .option("-y, --yes", "do not ask")
  .action(later(() => require("./commands/promote").promote));

program.under("Look");

program
  .command("status")
  .summary("how both environments are, side by side")
  .description(
    "how both environments are: processes, hosts, certificates, databases, backups, alarms, costs; never a secret",
  )
  .addOption(new Option("-s, --stack <stack>", "one environment only").choices([...ENVIRONMENTS]))
  .addOption(example())
  .option("--real", "the real clouds, as pulumi and the AWS credentials say, instead of the rehearsal")
  .option("--json", "for machines")
  .option("--check", `exit ${EXIT.differs} where something is wrong, and say what; for workflows`)
  .option("--watch", "look again every 15 seconds, on a terminal")
  .action(later(() => require("./commands/status").status));

program
  .command("logs")
  .summary("what processes, schedules and jobs have written")
  .argument(
    "[target]",
    "an application, <application>/<process>, <application>/release, schedule/<key>, job/<key> or dump/<key>; without it, every process",
  )
  .description("what processes, schedules and jobs have written")
  .addOption(
    new Option("-s, --stack <stack>", "which environment").choices([...ENVIRONMENTS]).default("sandbox"),
  )
  .option("--since <time>", "how far back: a number with s, m, h or d", "1h")
  .option("-f, --follow", "go on, until it is interrupted")
  .addOption(example())
  .option("--real", "the real clouds, with the operator's AWS credentials, instead of the rehearsal")
  .action(later(() => require("./commands/logs").logs));

program.under("Operate");

program
  .command("run")
  .summary("one command in a task of its own")
  .argument("<application>", "in whose image")
  .argument("<command...>", "what to run, after --")
  .description("run one command in a task of its own, print its log and end with its exit code")
  .addOption(
    new Option("-s, --stack <stack>", "which environment").choices([...ENVIRONMENTS]).default("sandbox"),
  )
  .option("--minutes <number>", "after how long it is ended", "60")
  .addOption(example())
  .option("--real", "the real clouds, with the operator's AWS credentials, instead of the rehearsal")
  .addHelpText("after", "\nAn interrupt stops the task, and the exit code is 130.")
  .action(later(() => require("./commands/run").run));

program
  .command("console")
  .summary("a shell in a running process")
  .argument("<application>", "by its key")
  .argument("[process]", "without it, the only one")
  .description("a shell in a running process, by ECS Exec; needs the AWS CLI and its Session Manager plugin")
  .addOption(
    new Option("-s, --stack <stack>", "which environment").choices([...ENVIRONMENTS]).default("sandbox"),
  )
  .option("--command <command>", "instead of a shell", "/bin/sh")
  .addOption(example())
  .option("--real", "the real clouds, with the operator's AWS credentials, instead of the rehearsal")
  .action(later(() => require("./commands/console").openConsole));

program
  .command("job")
  .summary("start a declared job")
  .argument("<job>", "a declared job")
  .argument("[inputs...]", "what it asks for, as NAME=value")
  .description("start a job of a rehearsed environment, as its button on GitHub would")
  .addOption(
    new Option("-s, --stack <stack>", "which environment").choices([...ENVIRONMENTS]).default("sandbox"),
  )
  .addOption(example())
  .addHelpText(
    "after",
    `
In a real environment: Actions > "jobs <environment>" > Run workflow, on GitHub; or
  aws lambda invoke --function-name <project>-<environment>-jobs --cli-binary-format raw-in-base64-out \\
    --payload '{"do":"job","job":"<job>","inputs":{"NAME":"value"},"asked":"<a name for this call>"}' answer.json`,
  )
  .action(later(() => require("./commands/job").job));

program
  .command("maintenance")
  .summary("close an application to the public for a while, or open it")
  .addArgument(
    new Argument("[action]", "without it, what is closed is listed").choices(["on", "off", "pass"]),
  )
  .argument("[application]", "one that the public reaches")
  .description(
    "close an application for a while, open it again, or sign a link that leads past the page; deployments do not touch it",
  )
  .addOption(new Option("-s, --stack <stack>", "which environment").choices([...ENVIRONMENTS]))
  .option("--minutes <number>", "how long, at most a day; without it, an hour")
  .option("--until <instant>", "instead: when it ends, such as 2026-12-01T12:00:00+01:00")
  .addOption(example())
  .option("--real", "the real clouds, as pulumi and aws are logged in, instead of the rehearsal")
  .action(later(() => require("./commands/maintenance").maintenance));

program
  .command("start")
  .summary("keep an environment awake beyond its office hours")
  .description("keep an environment awake beyond its office hours; it sleeps by itself then")
  .addOption(
    new Option("-s, --stack <stack>", "which environment").choices([...ENVIRONMENTS]).default("sandbox"),
  )
  .requiredOption("--until <time>", "such as 22:00 by the clocks of the office hours, at most a day ahead")
  .addOption(example())
  .option("--real", "the real clouds, as pulumi and aws are logged in, instead of the rehearsal")
  .action(later(() => require("./commands/start").start));

program
  .command("stop")
  .summary("let an environment sleep until its office hours begin anew")
  .description("let an environment sleep at once, until its office hours begin anew; data and counts stay")
  .addOption(
    new Option("-s, --stack <stack>", "which environment").choices([...ENVIRONMENTS]).default("sandbox"),
  )
  .addOption(example())
  .option("--real", "the real clouds, as pulumi and aws are logged in, instead of the rehearsal")
  .action(later(() => require("./commands/start").stop));

program.under("Data");

program
  .command("backup")
  .summary("dump databases now")
  .argument("[database]", "by its key; without it, every database of the environment")
  .description(
    "dump a database now; it is looked at, kept in the locked bucket, and copied to the second region",
  )
  .addOption(whichStack().makeOptionMandatory())
  .addOption(asked())
  .addOption(example())
  .addOption(real())
  .action(later(() => require("./commands/backup").backup));

program
  .command("backups")
  .summary("the dumps that there are: age, size, proof")
  .argument("[database]", "by its key; without it, all of them")
  .description("the dumps that there are, with age, size, proof and the last drill")
  .addOption(new Option("-s, --stack <stack>", "one environment only").choices([...ENVIRONMENTS]))
  .addOption(example())
  .addOption(real())
  .option("--json", "for machines")
  .action(later(() => require("./commands/backups").backups));

program
  .command("export")
  .summary("bring a dump onto this machine, checked")
  .argument("<database>", "by its key")
  .argument("[backup]", "a dump by its name or time; latest is the newest beyond doubt", "latest")
  .description("bring a dump onto this machine, checked, into a folder that only you can read")
  .requiredOption("--to <folder>", "gets a folder of the dump's own")
  .addOption(whichStack().makeOptionMandatory())
  .addOption(example())
  .addOption(real())
  .action(later(() => require("./commands/export").exportBackup));

program
  .command("restore")
  .summary("load a dump into a new schema beside the one in use")
  .argument("<database>", "by its key")
  .argument("[backup]", "a dump by its name or time; latest is the newest beyond doubt", "latest")
  .description("restore a dump into a new schema beside the one in use, compare it, and say how to serve it")
  .addOption(whichStack())
  .option("--into <schema>", "the new schema's name; without it, the database's name and the dump's time")
  .addOption(
    new Option("--from-environment <stack>", "the dump is another environment's, and that is meant").choices([
      ...ENVIRONMENTS,
    ]),
  )
  .option("--max-age <time>", "refuse an older dump: a number with s, m, h or d, such as 2d")
  .option("--refresh-sandbox", "instead: production's data, anonymised, in the place of the sandbox's")
  .option(
    "--sandbox-profile <name>",
    "for that: the AWS profile of the sandbox's account; the others are prod's",
  )
  .addOption(asked())
  .addOption(example())
  .addOption(real())
  .option("-y, --yes", "do not ask: the stack's file is written, or the sandbox's data replaced")
  .action(later(() => require("./commands/restore").restore));

program
  .command("drill")
  .summary("restore the newest dump for a trial: how old, how long?")
  .argument("<database>", "by its key")
  .description(
    "restore the newest dump into a throw-away schema: how old is it (RPO), how long does that take (RTO)?",
  )
  .addOption(whichStack().makeOptionMandatory())
  .addOption(asked())
  .addOption(example())
  .addOption(real())
  .action(later(() => require("./commands/drill").drill));

program.under("Secrets");

program
  .command("secrets")
  .summary("how old each secret is, and who uses it; never a value")
  .description("every secret's age, generation, limit and users, never a value")
  .addOption(example())
  .option("--real", "the real stacks instead of the rehearsed ones")
  .option("--json", "for machines")
  .option("--check", `exit ${EXIT.differs} where one is older than its limit; for workflows`)
  .action(later(() => require("./commands/secrets").secrets));

program
  .command("rotate")
  .summary("give a secret its next generation, logging nobody out")
  .argument("<secret>", "a secret, or databases.<key> for a database's user")
  .description(
    "give a secret its next generation, in the sandbox first; the value before stays valid until --retire",
  )
  .addOption(new Option("-s, --stack <stack>", "where").choices([...ENVIRONMENTS, "both"]).default("both"))
  .option("--retire", "end the value before; refused while something signed with it may live")
  .option("--leaked", "somebody else may know it: the value before ends at once, and sessions with it")
  .addOption(example())
  .option("--real", "the real clouds, as pulumi is logged in, instead of the rehearsal")
  .option("-y, --yes", "do not ask")
  .action(later(() => require("./commands/rotate").rotate));

program.under("For workflows");

program
  .command("gitlab")
  .summary("print the .gitlab-ci.yml of sites on GitLab")
  .description("print the .gitlab-ci.yml of a project on GitLab: each of its sites, for both environments")
  .option("--site <key>", "one of the project's sites, where there are several projects")
  .addOption(example())
  .addOption(real())
  .action(later(() => require("./commands/gitlab").gitlab));

program
  .command("comment")
  .summary("post a review to its pull request")
  .description("post a review to its pull request: one comment, rewritten each time; for workflows")
  .requiredOption("--file <file>", "the review, as Markdown")
  .option("--pr <number>", "the pull request; without it, the one that started this workflow")
  .action(later(() => require("./commands/comment").comment));

program
  .command("reviewed")
  .summary("gather the reviews of what was merged since a commit")
  .description("gather the reviews of what was merged since a commit; for workflows")
  .requiredOption("--since <commit>", "what the environment runs: its passport says it")
  .option("--out <file>", "where to write them; without it, to standard output")
  .action(later(() => require("./commands/reviewed").reviewed));

program
  .command("help", { hidden: true })
  .argument("[command]")
  .action((name: string | undefined) => {
    const asked = program.commands.find((each) => each.name() === name);
    if (name === undefined || asked !== undefined) (asked ?? program).help();
    program.error(`unknown command '${name}'`, { code: "commander.unknownCommand" });
  });

/**
 * Does what a command line says.
 *
 * @param words as they stand after `npx tandem`
 * @returns the exit code where it is the command line's to say: a command may have set one
 */
export async function tandem(words: readonly string[]): Promise<number | undefined> {
  try {
    await program.parseAsync([...words], { from: "user" });
    return undefined;
  } catch (error) {
    return exitCodeOf(error);
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

async function main(): Promise<void> {
  // Whoever reads only the head of what is printed closes the pipe: that is no failure.
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      process.exit(EXIT.done);
    });
  process.exitCode = (await tandem(process.argv.slice(2))) ?? process.exitCode;
}

if (require.main === module) void main();
