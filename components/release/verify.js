const { bakedIn } = require("./baked");
const { restoreWords } = require("./words");

/** How long a deployment may take until it answers. */
const PATIENCE = 5 * 60_000;
const PAUSE = 10_000;
const ANSWER_TIME = 20_000;
/** A database that is backed up or optimised serves. */
const SERVING = ["available", "backing-up", "storage-optimization"];

/**
 * Looks at a deployment as its users do: every public address answers, every database serves, and no script or
 * style carries what belongs to this environment alone.
 */
exports.verify = async (event, cloud) => {
  const { sites, databases } = event;
  const until = cloud.now() + PATIENCE;
  const urls = sites.flatMap(({ host, aliases, path }) =>
    [host, ...aliases].map((each) => `https://${each}${path}`),
  );
  const closed = new Set();
  const found = await Promise.all([
    ...urls.map((url) => patiently(() => unanswered(url, closed, cloud), until, cloud)),
    ...databases.map((name) => patiently(() => notServing(name, cloud), until, cloud)),
  ]);
  const failures = found.filter((failure) => failure !== undefined);
  if (failures.length > 0) throw new Error(inWords(failures, event.migrated));
  const seen = urls.filter((url) => !closed.has(url));
  return { at: new Date(cloud.now()).toISOString(), urls: seen, baked: await bakedIn(event, cloud) };
};

function inWords(failures, migrated) {
  const held =
    migrated.length > 0
      ? ["A migration ran, so the former version is not put back.", restoreWords(migrated)]
      : [];
  return ["The deployment is not well:", ...failures.map((failure) => `  ${failure}`), ...held].join("\n");
}

/** The last thing that was wrong; undefined as soon as nothing is. */
async function patiently(look, until, { now, sleep }) {
  for (;;) {
    const wrong = await look().catch((error) => error.message);
    if (wrong === undefined || now() >= until) return wrong;
    await sleep(PAUSE);
  }
}

/**
 * A redirect is an answer, also the one to a login; where it leads is not asked. What the edge keeps closed for its
 * maintenance cannot be seen from here: it is no failure, and not among what was seen.
 */
async function unanswered(url, closed, { fetch }) {
  const problem = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(ANSWER_TIME) }).then(
    ({ status, headers }) => {
      if (status === 503 && headers.has("X-Tandem-Maintenance")) closed.add(url);
      else if (status < 200 || status >= 400) return `it answers ${status}`;
    },
    (error) => `it does not answer (${error.cause?.code ?? error.name})`,
  );
  return problem && `${url}: ${problem}`;
}

async function notServing(name, { send }) {
  const { DBInstances = [] } = await send("rds", "DescribeDBInstances", { DBInstanceIdentifier: name });
  const status = DBInstances[0]?.DBInstanceStatus ?? "missing";
  return SERVING.includes(status) ? undefined : `database ${name} is ${status}`;
}
