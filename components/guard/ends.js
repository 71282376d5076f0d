const { idOf } = require("./tasks");
const { measure, tellOnce } = require("./tells");

/** A task that did not end well: EventBridge sends its end, sometimes twice. */
exports.ended = async ({ taskArn, group = "", stoppedReason, containers = [] }, cloud) => {
  const what = inWords(group.replace(/^family:/, ""), cloud.settings);
  const code = containers.map(({ exitCode }) => exitCode).find((exitCode) => exitCode !== 0) ?? "none";
  await tellOnce(
    `ended/${idOf(taskArn)}`,
    {
      subject: `${what} did not end well`,
      message: `${cloud.settings.NAME}: ${what} did not end well: ${stoppedReason} (exit code ${code}). Task ${taskArn}.`,
    },
    cloud,
  );
};

function inWords(family, { SCHEDULES, JOBS }) {
  for (const [kind, prefix] of Object.entries({ schedule: SCHEDULES, job: JOBS }))
    if (family.startsWith(prefix)) return `${kind} ${family.slice(prefix.length)}`;
  return family;
}

/**
 * Tells of what could not be delivered or failed for good, once each, and takes it out of the queue. A run that
 * lies there was missed: whether Scheduler or Lambda gave it up, or both, it is one run and one notice.
 */
exports.deadLetters = async (cloud) => {
  const { send, settings } = cloud;
  const { Messages = [] } = await send("sqs", "ReceiveMessage", {
    QueueUrl: settings.QUEUE,
    MaxNumberOfMessages: 10,
    MessageAttributeNames: ["All"],
    // Longer than this call can last: nobody else sees it meanwhile.
    VisibilityTimeout: 120,
  });
  for (const message of Messages) {
    await tellDeadLetter(message, cloud);
    await send("sqs", "DeleteMessage", { QueueUrl: settings.QUEUE, ReceiptHandle: message.ReceiptHandle });
  }
};

async function tellDeadLetter({ MessageId, Body, MessageAttributes = {} }, cloud) {
  const event = parsed(Body);
  const said =
    (MessageAttributes.ErrorMessage ?? MessageAttributes.ERROR_MESSAGE)?.StringValue ?? "no reason given";
  if (event.source === "aws.ecs") return exports.ended(event.detail, cloud);
  if (event.do !== "start") return tellTrouble(event, said, cloud);
  const { schedule, due } = event;
  // Scheduler writes the due time in. A letter without one stands for itself.
  await tellOnce(
    `missed/${schedule}/${/^\d{4}-/.test(due) ? due : MessageId}`,
    {
      subject: `schedule ${schedule} missed a run`,
      message: `Schedule ${schedule} did not start at ${due}: ${said}`,
    },
    cloud,
  );
  await measure("Handled", schedule, cloud);
}

/** The guard's own rounds come every minute: a day of trouble is one notice. */
async function tellTrouble(event, said, cloud) {
  const what = typeof event.do === "string" ? event.do : "something unknown";
  await tellOnce(
    `guard/${what}/${new Date(cloud.now).toISOString().slice(0, 10)}`,
    {
      subject: `the guard fails to ${what}`,
      message: `The guard of schedules and jobs could not do its work (${what}): ${said}. Its log has the rest.`,
    },
    cloud,
  );
}

function parsed(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
