import { Argument, Command, CommanderError, Option } from "commander";
import { ENVIRONMENTS } from "../config/settings";
import { apply } from "./commands/apply";
import { comment } from "./commands/comment";
import { openConsole } from "./commands/console";
import { gitlab } from "./commands/gitlab";
import { job } from "./commands/job";
import { logs } from "./commands/logs";
import { maintenance } from "./commands/maintenance";
import { map } from "./commands/map";
import { parity } from "./commands/parity";
import { plan } from "./commands/plan";
import { promote } from "./commands/promote";
import { rehearse } from "./commands/rehearse";
import { review } from "./commands/review";
import { reviewed } from "./commands/reviewed";
import { rotate } from "./commands/rotate";
import { run } from "./commands/run";
import { secrets } from "./commands/secrets";
import { start, stop } from "./commands/start";
import { status } from "./commands/status";
import { verify } from "./commands/verify";
import { CommandError, EXIT } from "./errors";
import { examples } from "./project";

const EXIT_CODES = `
Exit codes: ${EXIT.done} done, ${EXIT.refused} refused (configuration, cloud or gate), ${EXIT.usage} wrong command line, ${EXIT.differs} a difference where none may be.`;

const example = () =>
  new Option("-e, --example <name>", "an example instead of this project's own configuration").choices(
    examples(),
  );

const real = () => new Option("--real", "the real clouds, as pulumi is logged in, instead of the rehearsal");

const reviews = () =>
  new Option("--reviewed <file...>", "reviews as Markdown: a step that none has shown stops it");

const unreviewed = () => new Option("--accept-unreviewed", "let through what no review has shown");

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
  .addOption(real())
  .option("--json", "for machines: steps and resources; secrets are masked")
  .action(plan);

program
  .command("apply")
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
  .action(apply);

program
  .command("promote")
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
  .action(promote);

program
  .command("verify")
  .description("look at the running sandbox once more: a promotion wants a fresh look")
  .addOption(example())
  .addOption(real())
  .action(verify);

program
  .command("rotate")
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
  .action(rotate);

program
  .command("secrets")
  .description("every secret's age, generation, limit and users, never a value")
  .addOption(example())
  .option("--real", "the real stacks instead of the rehearsed ones")
  .option("--json", "for machines")
  .option("--check", `exit ${EXIT.differs} where one is older than its limit; for workflows`)
  .action(secrets);

program
  .command("job")
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
  .action(job);

program
  .command("maintenance")
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
  .action(maintenance);

program
  .command("gitlab")
  .description("print the .gitlab-ci.yml of a project on GitLab: each of its sites, for both environments")
  .option("--site <key>", "one of the project's sites, where there are several projects")
  .addOption(example())
  .addOption(real())
  .action(gitlab);

program
  .command("status")
  .description(
    "how both environments are: processes, hosts, certificates, databases, backups, alarms, costs; never a secret",
  )
  .addOption(new Option("-s, --stack <stack>", "one environment only").choices([...ENVIRONMENTS]))
  .addOption(example())
  .option("--real", "the real clouds, as pulumi and the AWS credentials say, instead of the rehearsal")
  .option("--json", "for machines")
  .option("--check", `exit ${EXIT.differs} where something is wrong, and say what; for workflows`)
  .option("--watch", "look again every 15 seconds, on a terminal")
  .action(status);

program
  .command("logs")
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
  .action(logs);

program
  .command("run")
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
  .action(run);

program
  .command("console")
  .argument("<application>")
  .argument("[process]", "without it, the only one")
  .description("a shell in a running process, by ECS Exec; needs the AWS CLI and its Session Manager plugin")
  .addOption(
    new Option("-s, --stack <stack>", "which environment").choices([...ENVIRONMENTS]).default("sandbox"),
  )
  .option("--command <command>", "instead of a shell", "/bin/sh")
  .addOption(example())
  .option("--real", "the real clouds, with the operator's AWS credentials, instead of the rehearsal")
  .action(openConsole);

program
  .command("start")
  .description("keep an environment awake beyond its office hours; it sleeps by itself then")
  .addOption(
    new Option("-s, --stack <stack>", "which environment").choices([...ENVIRONMENTS]).default("sandbox"),
  )
  .requiredOption("--until <time>", "such as 22:00 by the clocks of the office hours, at most a day ahead")
  .addOption(example())
  .option("--real", "the real clouds, as pulumi and aws are logged in, instead of the rehearsal")
  .action(start);

program
  .command("stop")
  .description("let an environment sleep at once, until its office hours begin anew; data and counts stay")
  .addOption(
    new Option("-s, --stack <stack>", "which environment").choices([...ENVIRONMENTS]).default("sandbox"),
  )
  .addOption(example())
  .option("--real", "the real clouds, as pulumi and aws are logged in, instead of the rehearsal")
  .action(stop);

program
  .command("map")
  .description("a Mermaid picture of an environment, drawn from its plan")
  .addOption(
    new Option("-s, --stack <stack>", "which environment").choices([...ENVIRONMENTS]).default("prod"),
  )
  .addOption(example())
  .action(map);

program
  .command("comment")
  .description("post a review to its pull request: one comment, rewritten each time; for workflows")
  .requiredOption("--file <file>", "the review, as Markdown")
  .option("--pr <number>", "the pull request; without it, the one that started this workflow")
  .action(comment);

program
  .command("reviewed")
  .description("gather the reviews of what was merged since a commit; for workflows")
  .requiredOption("--since <commit>", "what the environment runs: its passport says it")
  .option("--out <file>", "where to write them; without it, to standard output")
  .action(reviewed);

program
  .command("review")
  .description("what a change would do to both environments, as one Markdown comment")
  .option("--base <commit>", "rehearse that commit, and see what the files here would change: no credentials")
  .option("--sandbox <file>", "instead: what pulumi preview --json wrote for the sandbox")
  .option("--prod <file>", "and for production")
  .addOption(example())
  .option("-o, --out <file>", "where the comment goes; without it, it is printed")
  .option("--json", "for machines: steps, and never a value")
  .action(review);

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
