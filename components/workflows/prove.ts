import type { BuiltApplication } from "./build";
import { bundle } from "./bundle";
import { NO_SECRET, type Proof, type ProvedDatabase } from "./proof";
import { assumeRole, checkout, signIn } from "./steps";
import { REGION, ROLE, read, registryOf } from "./variables";
import { expression, type Job, job, type RunStep, type Service, type Step } from "./workflow";

/**
 * Tries an image before anybody releases it: its release command on empty databases, its tests, its demonstration
 * data. What it leaves is the bundle: the sources, and the databases as files.
 */
export function proveJob(environment: string, application: BuiltApplication, proof: Proof): Job {
  const { key } = application;
  const { databases, release, test, demoData } = proof;
  const image = `${read(registryOf(key))}@${expression(`needs.build-${key}.outputs.digest`)}`;
  const run = (name: string, command: readonly string[] | undefined, minutes: number) =>
    command === undefined ? [] : [inImage(name, image, command, minutes)];
  return job({
    name: `prove ${key}`,
    needs: [`build-${key}`],
    // The processor that the image is for.
    "runs-on": "ubuntu-24.04-arm",
    environment,
    permissions: { contents: "read", "id-token": "write" },
    ...(databases.length === 0 ? {} : { services: servicesOf(databases) }),
    steps: [
      checkout,
      assumeRole(ROLE, REGION),
      signIn,
      surroundings(proof),
      ...run("Run the release command", release, 20),
      ...run("Test", test, 30),
      ...dump("Write down the empty databases", databases, "create-database", SCHEMA),
      ...run("Load demonstration data", demoData, 15),
      ...dump("Write down the data", databases, "demo-data", DATA),
      ...reload(databases),
      ...bundle(application, [
        ...databases.map((one) => sqlFile("create-database", one, databases)),
        ...databases.map((one) => sqlFile("demo-data", one, databases)),
      ]),
    ],
  });
}

/** Reached by nobody but the job, and gone with it: its administrator needs no password. */
function servicesOf(databases: readonly ProvedDatabase[]): Record<string, Service> {
  return Object.fromEntries(
    databases.map(({ key, line }) => [
      key,
      {
        image: `mysql:${line}`,
        env: { MYSQL_ALLOW_EMPTY_PASSWORD: "allowed" },
        // Asked over TCP: while it is made ready, the server answers on its socket only.
        options:
          '--health-cmd "mysqladmin ping --protocol=tcp" --health-interval 3s --health-timeout 5s --health-retries 40',
      },
    ]),
  );
}

/** A value that GitHub does not read expressions in. */
const literal = (text: string) => text.replaceAll("${{", expression("'${{'"));

const containers = (databases: readonly ProvedDatabase[]) =>
  Object.fromEntries(
    databases.map(({ key }, index) => [`DATABASE_${index}`, expression(`job.services.${key}.id`)]),
  );

/** Makes the databases, and keeps what every container of the image is started with. */
function surroundings({ variables, generated, given, databases }: Proof): RunStep {
  const [first] = databases;
  return {
    name: "Make what it runs beside",
    env: {
      VARIABLES: literal(JSON.stringify(variables)),
      ...(generated.length === 0 ? {} : { GENERATED: generated.join(" ") }),
      ...(given.length === 0 ? {} : { GIVEN: given.join(" ") }),
      ...(first === undefined ? {} : { NETWORK: expression(`job.services.${first.key}.network`) }),
      ...containers(databases),
    },
    "timeout-minutes": 5,
    run: [
      KEEP,
      first === undefined ? "" : 'keep --network "$NETWORK"\n',
      // NUL ends a word: a value may hold anything else.
      `jq --join-output 'to_entries[] | "--env\\u0000\\(.key)=\\(.value)\\u0000"' <<< "$VARIABLES" >> "$RUNNER_TEMP/words"\n`,
      generated.length === 0
        ? ""
        : 'for name in $GENERATED; do keep --env "$name=$(openssl rand -hex 32)"; done\n',
      given.length === 0 ? "" : `for name in $GIVEN; do keep --env "$name=${NO_SECRET}"; done\n`,
      first === undefined ? "" : DATABASE,
      ...databases.map(
        ({ key, schema, user, prefix, url = "" }, index) =>
          `database "$DATABASE_${index}" ${key} ${schema} ${user} ${prefix} '${url}'\n`,
      ),
    ].join(""),
  };
}

const KEEP = `\
keep() { printf '%s\\0' "$@" >> "$RUNNER_TEMP/words"; }
keep --rm
`;

/** The user may do what it may on RDS in databases of any name: tests make their own. */
const DATABASE = `\
database() {
  local container="$1" host="$2" schema="$3" user="$4" prefix="$5" url="$6" password
  password="$(openssl rand -hex 20)"
  docker exec --interactive "$container" mysql --user=root <<SQL
CREATE DATABASE \\\`$schema\\\`;
CREATE USER '$user'@'%' IDENTIFIED BY '$password';
GRANT ALL ON \\\`%\\\`.* TO '$user'@'%';
SQL
  keep --env "\${prefix}_HOST=$host" --env "\${prefix}_PORT=3306" --env "\${prefix}_NAME=$schema"
  keep --env "\${prefix}_USER=$user" --env "\${prefix}_PASSWORD=$password"
  if [ -n "$url" ]; then keep --env "$url=mysql://$user:$password@$host:3306/$schema"; fi
}
`;

/** Runs a command in the very image, by digest, as ECS does: in place of the image's own command. */
function inImage(name: string, image: string, command: readonly string[], minutes: number): RunStep {
  return {
    name,
    env: { IMAGE: image, COMMAND: literal(JSON.stringify(command)) },
    "timeout-minutes": minutes,
    run: `\
mapfile -d '' -t words < "$RUNNER_TEMP/words"
mapfile -d '' -t command < <(jq --join-output '.[] | . + "\\u0000"' <<< "$COMMAND")
docker run "\${words[@]}" "$IMAGE" "\${command[@]}"
`,
  };
}

const SCHEMA = "--no-data --routines --events";
/** Tables too: rows alone, loaded into tables that have their triggers already, would set those off. */
const DATA = "--order-by-primary --routines --events";

/** What belongs to the one server is left out, and what would differ from run to run. */
const DUMP =
  "mysqldump --user=root --single-transaction --no-tablespaces --set-gtid-purged=OFF --skip-dump-date";

function dump(
  name: string,
  databases: readonly ProvedDatabase[],
  file: string,
  words: string,
): readonly Step[] {
  if (databases.length === 0) return [];
  const lines = databases.map(
    (one, index) =>
      `docker exec "$DATABASE_${index}" ${DUMP} \\\n  ${words} --databases ${one.schema} > "$RUNNER_TEMP/${sqlFile(file, one, databases)}"\n`,
  );
  return [{ name, env: containers(databases), "timeout-minutes": 5, run: lines.join("") }];
}

/** A file that nobody has ever loaded is no bundle. */
function reload(databases: readonly ProvedDatabase[]): readonly Step[] {
  if (databases.length === 0) return [];
  const lines = databases.map((one, index) => {
    const files = ["create-database", "demo-data"].map(
      (file) => `"$RUNNER_TEMP/${sqlFile(file, one, databases)}"`,
    );
    return `\
docker exec "$DATABASE_${index}" mysql --user=root --execute "DROP DATABASE \\\`${one.schema}\\\`"
cat ${files.join(" ")} | docker exec --interactive "$DATABASE_${index}" mysql --user=root
`;
  });
  return [
    {
      name: "Load what was written down",
      env: containers(databases),
      "timeout-minutes": 5,
      run: lines.join(""),
    },
  ];
}

/** The file's name, with the database's key where there are several. */
const sqlFile = (what: string, { key }: ProvedDatabase, { length }: readonly ProvedDatabase[]) =>
  `${what}${length === 1 ? "" : `-${key}`}.sql`;
