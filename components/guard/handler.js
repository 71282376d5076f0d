/**
 * The guard of an environment's schedules and jobs, as a Lambda function: it starts them, ends those that run
 * over their time, tells of those that did not end well, and says which schedules are silent. Its clients come
 * with Lambda's runtime; `send` hands them in, so that tests need none of them.
 *
 * The same source stands behind a second function, the door (`DOOR` is set): it starts what people and GitHub
 * ask for, of what is declared, and does nothing else. Their role may call the door only.
 */
const { sdk } = require("./sdk");
const { job, start, startByGithub } = require("./starts");
const { deadLetters, ended } = require("./ends");
const { endOverdue, watch } = require("./watches");

/** Lambda's way in. */
exports.handler = (event) => exports.guard(event, { send: sdk(), now: Date.now(), settings: process.env });

const GUARD = { start, sweep, watch };
const DOOR = { job, start: startByGithub };

/** What EventBridge sends of a task's end, or an order: `do` says what. */
exports.guard = async (event, cloud) => {
  const does = cloud.settings.DOOR ? DOOR : GUARD;
  if (!cloud.settings.DOOR && event?.source === "aws.ecs") return ended(event.detail, cloud);
  if (!Object.hasOwn(does, event?.do ?? ""))
    throw new Error(
      `${JSON.stringify(event?.do)} is nothing that is done here: ${Object.keys(does).join(", ")}`,
    );
  return does[event.do](event, cloud);
};

/** Neither waits for the other to be well. */
async function sweep(_, cloud) {
  try {
    await deadLetters(cloud);
  } finally {
    await endOverdue(cloud);
  }
}
