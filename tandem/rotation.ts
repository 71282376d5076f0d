import type { Passport } from "../components/passport";
import type { SecretAge } from "../components/secret-ages";
import type { EnvironmentName, Rotation } from "../config/settings";
import { type Agreement, agreed } from "./agreement";
import { line, words } from "./commands/plan";
import { CommandError } from "./errors";
import { type Project, settingsOf } from "./project";
import { type AskValue, type Changed, raise, resumed, withdraw } from "./rotation-change";
import { agesOf, dueFrom, leads, type Subject, said, same, subjectOf, TITLES } from "./rotation-subject";
import { instant } from "./status/time-words";
import { isResource, type Outcome, reasons, told, type Way } from "./way";

/** A secret's rotation, or the end of the value before. */
export interface RotationRequest extends Agreement {
  readonly project: Project;
  /** The way for a project: one whose files stand in memory has another after each change. */
  readonly wayFor: (project: Project) => Way;
  /** A secret, or `databases.<key>` for a database's user. */
  readonly name: string;
  /** @default both, the sandbox first */
  readonly stack?: EnvironmentName | "both" | undefined;
  /** Whether the value before is to go. @default false */
  readonly retire?: boolean | undefined;
  /** Whether somebody else may know it: then the value before goes at once. @default false */
  readonly leaked?: boolean | undefined;
  readonly askValue: AskValue;
  readonly say: (text: string) => void;
}

/** The stack files may stand in memory: whoever called goes on with the project that is returned. */
export async function rotation(request: RotationRequest): Promise<Project> {
  const { stack = "both" } = request;
  let { project } = request;
  for (const each of stack === "both" ? (["sandbox", "prod"] as const) : [stack]) {
    const done = await onStack({ ...request, project }, each);
    project = done.project;
    if (!done.agreed) break;
  }
  return project;
}

interface Done {
  readonly project: Project;
  readonly agreed: boolean;
}

/** What has to be done on one stack, in its order. Each part is brought up by itself. */
async function onStack(request: RotationRequest, stack: EnvironmentName): Promise<Done> {
  const { leaked, retire, name } = request;
  const subject = subjectOf(settingsOf(request.project, stack), name);
  const parts: Part[] = retire ? ["retire"] : leaked ? ["raise", "retire"] : ["raise"];
  let project = request.project;
  for (const part of parts) {
    const done = await carry({ ...request, project }, stack, subject, part);
    project = done.project;
    if (!done.agreed) return done;
  }
  return { project, agreed: true };
}

type Part = "raise" | "retire";

async function carry(
  request: RotationRequest,
  stack: EnvironmentName,
  subject: Subject,
  part: Part,
): Promise<Done> {
  const { project, name, say } = request;
  const settings = settingsOf(project, stack);
  const wanted = said(settings, name);
  const stands = await standsAt(request, stack, name);
  if (part === "retire" && same(wanted, stands) && wanted.retired) {
    if (wanted.generation === 1)
      throw new CommandError(`${name} of ${stack} was never rotated: nothing to retire.`);
    say(`${TITLES[stack]}: ${name} accepts no value before generation ${wanted.generation} already.`);
    return { project, agreed: true };
  }
  if (!same(wanted, stands)) return finish(request, stack, subject, wanted, stands);

  const to = next(request, stack, subject, stands, part);
  await refuseBeforeSandbox(request, stack, to, stands);
  const changed =
    part === "raise"
      ? await raise(project, stack, subject, to, request.askValue)
      : withdraw(project, stack, name, to);
  say(
    part === "raise"
      ? `${TITLES[stack]}: ${name} goes to generation ${to.generation}.`
      : `${TITLES[stack]}: the value before generation ${to.generation} of ${name} goes${leakedWords(request)}.`,
  );
  return bringUp(request, stack, subject, to, changed);
}

const leakedWords = ({ leaked }: RotationRequest) =>
  leaked ? " at once: whatever was signed with it, such as sessions, ends with it" : "";

/** An `up` that did not come to its end: the file is ahead of what stands. */
async function finish(
  request: RotationRequest,
  stack: EnvironmentName,
  subject: Subject,
  wanted: Rotation,
  stands: SecretAge,
): Promise<Done> {
  const { name, say } = request;
  if (wanted.generation < stands.generation)
    throw new CommandError(
      `Pulumi.${stack}.yaml says generation ${wanted.generation} of ${name}, and generation ${stands.generation} stands: ` +
        "a rotation is not taken back. Get the newer file first.",
    );
  await refuseBeforeSandbox(request, stack, wanted, stands);
  say(
    `${TITLES[stack]}: Pulumi.${stack}.yaml says generation ${wanted.generation} of ${name} already: finishing that.`,
  );
  const project = await resumed(request.project, stack, subject, request.askValue);
  return bringUp(request, stack, subject, wanted, { project, undo: () => project });
}

function next(
  { name, leaked, retire, wayFor, project }: RotationRequest,
  stack: EnvironmentName,
  subject: Subject,
  stands: SecretAge,
  part: Part,
): Rotation {
  const { generation, retired } = stands;
  const due = dueFrom(stands, subject);
  if (part === "raise") {
    if (!retired)
      throw new CommandError(
        `${name} of ${stack}: the value before generation ${generation} is still accepted. ` +
          `Retire it first: npx tandem rotate ${name} --retire (from ${instant(due)} on; --retire --leaked: at once).`,
      );
    // What no process receives signs nothing: there is no value before to keep.
    return { generation: generation + 1, retired: !subject.received };
  }
  if (!leaked && wayFor(project).now() < due)
    throw new CommandError(
      `${name} of ${stack}: what was signed with the value before generation ${generation} may live until ${instant(due)}. ` +
        `From then on: npx tandem rotate ${name} --retire. ${retire ? "With --leaked it goes at once, and sessions end." : ""}`.trim(),
    );
  return { generation, retired: true };
}

/** Production follows a sandbox that stands there, looked at since. */
async function refuseBeforeSandbox(
  { name, wayFor, project, retire, leaked }: RotationRequest,
  stack: EnvironmentName,
  to: Rotation,
  stands: SecretAge,
): Promise<void> {
  if (stack === "sandbox") return;
  const outputs = await wayFor(project).outputs("sandbox");
  const sandbox = agesOf(outputs)[name];
  const options = `${retire ? " --retire" : ""}${leaked ? " --leaked" : ""}`;
  if (sandbox === undefined || !leads(sandbox, to))
    throw new CommandError(
      `${name} goes to generation ${to.generation}${to.generation === stands.generation ? " without the value before" : ""} ` +
        `in the sandbox first, which has generation ${sandbox?.generation ?? 1}.\n` +
        `  remedy   npx tandem rotate ${name}${options} --stack sandbox, then this again`,
    );
  const at = (outputs?.passport as { verification?: { at?: string } } | undefined)?.verification?.at;
  if (at !== undefined && at < sandbox.since)
    throw new CommandError(
      `The sandbox was looked at last at ${instant(at)}, before ${name} reached generation ${sandbox.generation} there (${instant(sandbox.since)}).\n` +
        "  remedy   npx tandem verify, then this again",
    );
}

/** What stands; what stood before ages were told counts as the first generation, of now. */
async function standsAt(
  { wayFor, project }: RotationRequest,
  stack: EnvironmentName,
  name: string,
): Promise<SecretAge> {
  const way = wayFor(project);
  const outputs = await way.outputs(stack);
  if (outputs === undefined)
    throw new CommandError(
      `${TITLES[stack]} does not stand yet: bring it up first, its values are new then anyway.`,
    );
  const unknown = { generation: 1, retired: true, since: way.now(), limit: 365, usedBy: [] };
  return agesOf(outputs)[name] ?? unknown;
}

async function bringUp(
  request: RotationRequest,
  stack: EnvironmentName,
  subject: Subject,
  to: Rotation,
  { project, undo }: Changed,
): Promise<Done> {
  const { say } = request;
  const way = request.wayFor(project);
  const preview = await way.run(stack, "preview");
  if (preview.failures.length > 0) {
    undo();
    throw new CommandError(`${reasons(preview)}\nNothing was touched; Pulumi.${stack}.yaml is as it was.`);
  }
  say(words({ stack, outcome: preview }));
  if (stack === "prod") await sayWhatComesAlong(project, way, say);
  if (!(await agreedOr(undo, `Do this to ${TITLES[stack]}?`, request))) {
    say(`Nothing was touched; Pulumi.${stack}.yaml is as it was.`);
    return { project: undo(), agreed: false };
  }
  const outcome = await way.run(stack, "up", (step) => {
    if (isResource(step) && told([step]).length > 0) say(line(step));
  });
  if (outcome.failures.length > 0)
    throw new CommandError(
      `${reasons(outcome)}\nPulumi.${stack}.yaml keeps generation ${to.generation}: the same command goes on from here.`,
    );
  say(report(stack, subject, outcome));
  return { project, agreed: true };
}

/** Where nobody can be asked, the file is put back before that is said. */
async function agreedOr(undo: () => Project, question: string, agreement: Agreement): Promise<boolean> {
  try {
    return await agreed(question, agreement);
  } catch (error) {
    undo();
    throw error;
  }
}

/** Every `up` of production takes what the sandbox proved last: a rotation does not do that in silence. */
async function sayWhatComesAlong(project: Project, way: Way, say: (text: string) => void): Promise<void> {
  const newest = (await way.outputs("sandbox"))?.passport as Passport | undefined;
  const [present] = ((await way.outputs("prod"))?.passports ?? []) as readonly Passport[];
  if (newest === undefined || present === undefined || newest.id === present.id) return;
  if (settingsOf(project, "prod").passport !== undefined) return;
  say(
    `This also promotes ${newest.id}, which the sandbox proved: production runs ${present.id}. ` +
      `To rotate alone, keep production where it is first: npx tandem promote --back ${present.id}`,
  );
}

function report(stack: EnvironmentName, subject: Subject, { outputs, seconds }: Outcome): string {
  const age = agesOf(outputs)[subject.name];
  const { name } = subject;
  const head = `${TITLES[stack]}: ${name} is at generation ${age?.generation} (${seconds.toFixed(1)} s).`;
  if (age === undefined || age.retired) return `${head} No value before it is accepted.`;
  return `${head} The value before is accepted too; from ${instant(dueFrom(age, subject))} on it can go: npx tandem rotate ${name} --retire`;
}
