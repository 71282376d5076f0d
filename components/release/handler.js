/**
 * What an update of an environment needs somebody inside of it for, as a Lambda function: the release command
 * before a new version serves, demonstration data once, the check of a source of data before it is switched, and a
 * look at the deployment afterwards. Its clients come with Lambda's runtime; all that reaches out is handed in, so
 * that tests need none of them.
 */
const { sdk } = require("../guard/sdk");
const { demo } = require("./demo");
const { source } = require("./source");
const { release } = require("./update");
const { verify } = require("./verify");

/** Lambda's way in. */
exports.handler = (event) =>
  exports.answer(event, {
    send: sdk(),
    fetch,
    now: Date.now,
    sleep: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
    settings: process.env,
  });

exports.answer = async (event, cloud) => {
  if (event.do === "release") return release(event, cloud);
  if (event.do === "demo") return demo(event, cloud);
  if (event.do === "source") return source(event, cloud);
  if (event.do === "verify") return verify(event, cloud);
  throw new Error(`"${event.do}" is nothing that this function does: release, demo, source or verify`);
};
