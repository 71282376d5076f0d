const { createHash } = require("node:crypto");

/** Far more than a checksum and a name: the rest of a longer file is not read. */
const LONGEST = 1024;

/** The SHA-256 that the file beside an object says: undefined where there is no file, an empty text where it says none. */
exports.saidOf = async (Bucket, key, { send }) => {
  const found = await there(
    send("s3", "GetObject", { Bucket, Key: `${key}.sha256`, Range: `bytes=0-${LONGEST - 1}` }),
  );
  if (found === undefined) return undefined;
  if (found === EMPTY) return "";
  const text = Buffer.concat(await chunks(found.Body)).toString("utf8");
  return /^\s*([0-9a-f]{64})(\s|$)/i.exec(text)?.[1].toLowerCase() ?? "";
};

/** The SHA-256 of one version of an object, read once from end to end without being held. */
exports.sumOf = async (Bucket, Key, VersionId, { send }) => {
  const { Body } = await send("s3", "GetObject", { Bucket, Key, ...(VersionId ? { VersionId } : {}) });
  const hash = createHash("sha256");
  for await (const chunk of Body) hash.update(chunk);
  return hash.digest("hex");
};

/** Size and version of an object as it is now; undefined where there is none. */
exports.headOf = async (Bucket, Key, { send }) => {
  const found = await there(send("s3", "HeadObject", { Bucket, Key }));
  return found && { key: Key, size: found.ContentLength, version: found.VersionId };
};

/** What S3 says of a range of an empty file. */
const EMPTY = Symbol("empty");

async function there(answer) {
  try {
    return await answer;
  } catch (error) {
    if (["NoSuchKey", "NotFound"].includes(error.name)) return undefined;
    if (error.name === "InvalidRange") return EMPTY;
    throw error;
  }
}

async function chunks(body) {
  const all = [];
  for await (const chunk of body) all.push(chunk);
  return all;
}
