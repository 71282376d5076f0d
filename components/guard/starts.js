const { begin, declaredAs, idOf } = require("./tasks");
const { measure, tellOnce } = require("./tells");

/** Characters of an input, and of all together: ECS takes 8,192 for all overrides of a task. */
const LONGEST = 1000;
const ALTOGETHER = 6000;

/** What the keys of schedules and jobs look like, and what a caller may call its own call. */
const KEY = /^[a-z][a-z0-9-]{0,62}$/;
const CALL = /^[A-Za-z0-9-]{1,60}$/;
const is = (pattern, value) => typeof value === "string" && pattern.test(value);

/**
 * EventBridge Scheduler's order. It and Lambda deliver at least once: a run is known by its schedule and due
 * time, and starts once. `Handled` says that the order came: what then goes wrong is told in its own way, and
 * the schedule is not silent besides.
 */
exports.start = async ({ schedule, due }, cloud) => {
  try {
    const family = `${cloud.settings.SCHEDULES}${schedule}`;
    const { busy } = await begin(
      { ...(await declaredAs(family, cloud)), family, startedBy: named(schedule, due) },
      cloud,
    );
    if (busy)
      await tellOnce(
        `missed/${schedule}/${due}`,
        {
          subject: `schedule ${schedule} missed a run`,
          message: `Schedule ${schedule} did not start at ${due}: the run before still runs, and no two may overlap. Task ${busy.taskArn}.`,
        },
        cloud,
      );
  } finally {
    await measure("Handled", schedule, cloud);
  }
};

/** GitHub's clock asks for a schedule that it is the clock of. The answer is the caller's to tell. */
exports.startByGithub = ({ schedule, due }, cloud) =>
  answered(async () => {
    if (!is(KEY, schedule)) refuse(`${shown(schedule)} is no schedule's name.`);
    if (!is(CALL, due)) refuse(`${shown(due)} is no run: letters, digits and hyphens, 60 at most.`);
    const family = `${cloud.settings.SCHEDULES}${schedule}`;
    const declared = await found(family, cloud);
    if (declared?.by !== "github") refuse(`There is no schedule "${schedule}" that GitHub starts.`);
    try {
      return await started(
        "Schedule",
        schedule,
        { ...declared, family, startedBy: named(schedule, due) },
        cloud,
      );
    } finally {
      await measure("Handled", schedule, cloud);
    }
  });

/** Somebody asks for a job. `asked` names the press of the button: the same one starts once. */
exports.job = ({ job, inputs = {}, asked }, cloud) =>
  answered(async () => {
    if (!is(KEY, job)) refuse(`${shown(job)} is no job's name.`);
    if (!is(CALL, asked)) refuse(`asked is ${shown(asked)}: letters, digits and hyphens, 60 at most.`);
    const family = `${cloud.settings.JOBS}${job}`;
    const declared = await found(family, cloud);
    if (!declared) refuse(`There is no job "${job}".`);
    checkInputs(job, declared.inputs, inputs);
    const call = { ...declared, overlap: false, family, startedBy: named(job, asked), inputs };
    return started("Job", job, call, cloud);
  });

/** What is declared under a family; undefined where nothing is. */
async function found(family, cloud) {
  try {
    return await declaredAs(family, cloud);
  } catch (error) {
    // ECS has no better name for a family that it does not know.
    if (error.name === "ClientException") return undefined;
    throw error;
  }
}

async function started(kind, key, call, cloud) {
  if (!call.released) refuse(`${kind} ${key} cannot start: its application has no release yet.`);
  const { busy, task } = await begin(call, cloud);
  if (busy)
    refuse(
      `${kind} ${key} runs already (task ${idOf(busy.taskArn)}, ${busy.startedBy}), and no two may overlap: no second one was started.`,
    );
  const id = idOf(task.taskArn);
  return {
    started: {
      task: id,
      timeout: call.timeout,
      logGroup: call.logGroup,
      logStream: `${call.container}/${call.container}/${id}`,
    },
  };
}

function checkInputs(job, declared, inputs) {
  if (typeof inputs !== "object" || inputs === null || Array.isArray(inputs))
    refuse(`The inputs of job ${job} are no object of names and texts.`);
  const asks = Object.keys(declared).join(", ") || "nothing";
  for (const [name, value] of Object.entries(inputs)) {
    if (!Object.hasOwn(declared, name))
      refuse(`Job ${job} has no input ${shown(name)}. It asks for: ${asks}.`);
    if (typeof value !== "string") refuse(`Input ${name} of job ${job} is no text.`);
    if (value.length > LONGEST) refuse(`Input ${name} of job ${job} is longer than ${LONGEST} characters.`);
    if (value.includes("\0"))
      refuse(`Input ${name} of job ${job} has a zero byte, which no variable can have.`);
  }
  if (Object.values(inputs).join("").length > ALTOGETHER)
    refuse(`The inputs of job ${job} are longer than ${ALTOGETHER} characters together.`);
  const missing = Object.keys(declared).filter((name) => !declared[name] && !inputs[name]);
  if (missing.length > 0) refuse(`Job ${job} needs ${missing.join(", ")}.`);
}

class Refusal extends Error {}

function refuse(reason) {
  throw new Refusal(reason);
}

/** A refusal is an answer, and no failure of the function. */
async function answered(does) {
  try {
    return await does();
  } catch (error) {
    if (error instanceof Refusal) return { refused: error.message };
    throw error;
  }
}

const named = (key, call) => `${key}/${call}`.replace(/[^A-Za-z0-9/_-]/g, "-");

const shown = (value) => (JSON.stringify(value) ?? "nothing").slice(0, 80);
