/**
 * The intake of an environment, as a Lambda function: it hears of each object that arrives in a declared folder,
 * looks at it and tells the maintainers, once; and it looks twice an hour whether something is late. Its clients come
 * with Lambda's runtime; `send` hands them in, so that tests need none of them.
 */
const { createHash } = require("node:crypto");
const { sdk } = require("../guard/sdk");
const { tellOnce } = require("../guard/tells");
const { late } = require("./late");
const { measure } = require("./measures");
const { headOf, saidOf, sumOf } = require("./sums");

/** Lambda's way in. */
exports.handler = (event) => exports.intake(event, { send: sdk(), now: Date.now(), settings: process.env });

exports.intake = async (event, { send, now, settings }) => {
  const cloud = { send, now, settings, declared: JSON.parse(settings.INTAKES) };
  if (event?.source === "aws.s3") return arrived(event.detail, cloud);
  if (event?.do === "watch") return late(cloud);
  throw new Error(`${JSON.stringify(event?.do)} is nothing that is done here: watch`);
};

async function arrived({ bucket, object }, cloud) {
  const [name, intake] =
    Object.entries(cloud.declared).find(
      ([, each]) => each.bucket === bucket.name && object.key.startsWith(each.prefix),
    ) ?? [];
  // A key that ends in a slash is a folder that somebody made in the console.
  if (intake === undefined || object.key.endsWith("/")) return;
  const subject = await subjectOf(intake, object, cloud);
  if (subject === undefined) return;
  const fault = await faultOf(intake, subject, cloud);
  if (fault === WAITING) return;
  if (fault !== undefined) return tellBad(name, intake, subject, fault, cloud);
  await tellOnce(
    `arrived/${name}/${markOf(subject)}`,
    { subject: `${name} has arrived`, message: `${inWords(intake, subject)} has arrived.` },
    cloud,
  );
  await measure("Arrived", name, 1, cloud);
  if (intake.check !== undefined) await check(name, intake, subject, cloud);
}

/** What the event is about: the object itself, or the one that a checksum belongs to. */
async function subjectOf({ bucket, checksum }, { key, size, "version-id": version }, cloud) {
  if (checksum !== "sha256" || !key.endsWith(SUM)) return { key, size, version };
  return headOf(bucket, key.slice(0, -SUM.length), cloud);
}

const SUM = ".sha256";
/** Its checksum has not come yet: the checksum's own arrival goes on from here. Without it, the object is late. */
const WAITING = Symbol("waiting");

async function faultOf({ bucket, minimumBytes, checksum }, { key, size, version }, cloud) {
  if (size === 0) return "is empty";
  if (size < minimumBytes) return `is too small: at least ${minimumBytes} bytes are expected`;
  if (checksum !== "sha256") return undefined;
  const said = await saidOf(bucket, key, cloud);
  if (said === undefined) return WAITING;
  if (said === "") return "has a checksum file that does not begin with a SHA-256";
  return said === (await sumOf(bucket, key, version, cloud)) ? undefined : "does not match its checksum";
}

/** The job's own failure is told by the guard, as every job's; here only what keeps it from starting. */
async function check(name, intake, subject, cloud) {
  const payload = {
    do: "job",
    job: intake.check,
    inputs: { OBJECT: subject.key },
    asked: markOf(subject),
  };
  const { Payload, FunctionError } = await cloud.send("lambda", "Invoke", {
    FunctionName: cloud.settings.DOOR,
    Payload: JSON.stringify(payload),
  });
  const answer = Buffer.from(Payload ?? []).toString();
  if (FunctionError) throw new Error(`${intake.check} could not be started: ${answer.slice(0, 300)}`);
  const { refused } = JSON.parse(answer || "{}");
  if (refused !== undefined)
    await tellBad(name, intake, subject, `was not checked: ${intake.check} did not start`, cloud);
}

const tellBad = (name, intake, subject, fault, cloud) =>
  tellOnce(
    `bad/${name}/${markOf(subject)}`,
    { subject: `${name} is not well`, message: `${inWords(intake, subject)} ${fault}.` },
    cloud,
  );

/** One version of one object, however often it is heard of. */
const markOf = ({ key, version }) =>
  createHash("sha256")
    .update(`${key}\n${version ?? ""}`)
    .digest("hex")
    .slice(0, 40);

/** Where, which and how large: whoever names an object must not write the mail. */
const inWords = ({ bucket }, { key, size }) =>
  `${bucket}: ${key.slice(0, 200).replace(/[^A-Za-z0-9._/+-]/g, "?")} (${size} bytes)`;
