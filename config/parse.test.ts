import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigurationError } from "./mistakes";
import { parse } from "./parse";
import { RIGHT, raw } from "./testing";
import { longestGap } from "./values";

const shared = (changes: object) => ({ shared: changes });
const web = (changes: object) => shared({ applications: { web: changes } });
const process = (changes: object) => web({ processes: { web: changes } });
const database = (changes: object) => shared({ databases: { main: changes } });
const schedule = (changes: object) => shared({ schedules: { nightly: changes } });

/** What is wrong, the configuration that has it, and what the message must say: path, allowed, remedy. */
const WRONG: readonly (readonly [string, object, ...RegExp[]])[] = [
  ["a text where a number is due", process({ cpu: "big" }), /web\.cpu/, /found {4}"big"/, /256, 512/],
  ["a number where a text is due", shared({ backupRegion: 3 }), /backupRegion/, /a text/],
  ["a text where a list is due", shared({ notices: { mails: "a@b.fr" } }), /notices\.mails/, /a list/],
  ["a list where a group is due", shared({ databases: [] }), /databases/, /a group of keys/],
  ["a text where true or false is due", process({ exactlyOne: "yes" }), /exactlyOne/, /true or false/],
  ["an unknown key at the top", shared({ aplications: {} }), /aplications/, /did you mean applications/],
  ["an unknown key of an application", web({ proceses: {} }), /web\.proceses/, /did you mean processes/],
  ["an unknown key of a process", process({ cout: 2 }), /web\.cout/, /did you mean count/],
  ["an unknown key of a database", database({ versoin: "8.4" }), /main\.versoin/, /did you mean version/],
  ["an unknown key of backups", shared({ backups: { keeps: 7 } }), /backups\.keeps/, /did you mean keep/],
  ["an unknown key of a schedule", schedule({ crom: "" }), /nightly\.crom/, /did you mean cron/],
  [
    "an unknown configuration key",
    { around: { "shop:diferences": {} } },
    /shop:diferences/,
    /did you mean differences/,
  ],
  ["no region", { around: { "aws:region": null } }, /aws:region/, /add aws:region to Pulumi\.yaml/],
  ["a region that is none", { around: { "aws:region": "Paris" } }, /aws:region/, /"Paris"/, /eu-west-3/],
  [
    "no account",
    { around: { "aws:allowedAccountIds": null } },
    /allowedAccountIds/,
    /add .* to Pulumi\.prod\.yaml/,
  ],
  ["two accounts", { around: { "aws:allowedAccountIds": ["111111111111", "222222222222"] } }, /one 12-digit/],
  ["no owner", { around: { "github:owner": null } }, /github:owner/],
  [
    "the same host twice",
    web({ processes: { worker: { host: "shop.example" } } }),
    /worker\.host/,
    /nothing else uses/,
  ],
  [
    "two applications on one host",
    shared({ applications: { office: { processes: { web: { host: "shop.example" } } } } }),
    /office\.processes\.web\.host/,
    /applications\.web\.processes\.web\.host has this one/,
  ],
  ["an alias that is a host", process({ aliases: ["shop.example"] }), /aliases\.0/, /nothing else uses/],
  [
    "aliases without a host",
    web({ processes: { worker: { aliases: ["w.shop.example"] } } }),
    /worker\.aliases/,
  ],
  [
    "a host outside the zone",
    process({ host: "shop.test" }),
    /"shop\.test"/,
    /shop\.example or a host below it/,
  ],
  [
    "a host that no load balancer takes",
    process({ host: `${"a".repeat(60)}.${"b".repeat(60)}.shop.example` }),
    /128/,
  ],
  [
    "hosts too long for a certificate",
    process({ host: `${"a".repeat(60)}.shop.example`, aliases: [] }),
    /web\.host/,
    /at most 64 characters/,
  ],
  [
    "more hosts than a certificate names",
    process({ aliases: Array.from({ length: 100 }, (_, index) => `a${index}.shop.example`) }),
    /101 hosts/,
    /at most 100/,
  ],
  [
    "a version that is a word of JavaScript",
    database({ version: "constructor" }),
    /"constructor"/,
    /8\.4 LTS/,
  ],
  ["a key that is a word of JavaScript", shared({ hasOwnProperty: 1 }), /hasOwnProperty/, /remove it/],
  ["an empty key", shared({ "": 1 }), /Pulumi\.yaml {2}""/, /remove it/],
  [
    "a secret's value where its kind is due",
    shared({ secrets: { PAY_KEY: "hush-hush" } }),
    /not repeated here/,
  ],
  ["a secret's value of the wrong type", web({ variables: { API_KEY: ["hush-hush"] } }), /not repeated here/],
  ["a host with a scheme", process({ host: "https://shop.example" }), /no scheme/],
  ["a host in capitals", process({ host: "Shop.example" }), /lower case/],
  ["a path that is none", process({ healthPath: "healthz" }), /begins with \//],
  [
    "memory that Fargate does not pair with the cpu",
    process({ cpu: 256, memory: 4096 }),
    /web\.memory/,
    /512, 1024/,
  ],
  ["memory of a schedule that does not fit", schedule({ cpu: 1024 }), /nightly\.memory/, /2048/],
  ["a directory from the root", web({ directory: "/srv/app" }), /web\.directory/, /"\/srv\/app"/, /relative/],
  ["a directory outside the repository", web({ directory: "../other" }), /web\.directory/, /without \.\./],
  ["a directory with a way out", web({ directory: "apps/../../other" }), /web\.directory/, /without \.\./],
  ["a directory that would speak", web({ directory: "apps/$(id)" }), /web\.directory/, /such as back-office/],
  ["a port beyond the last", process({ port: 70_000 }), /at most 65535/],
  ["a count below zero", process({ count: -1 }), /at least 0/],
  ["half a process", process({ count: 1.5 }), /a whole number/],
  ["exactly one, twice", process({ exactlyOne: true, count: 2 }), /exactlyOne/, /count 0 or 1/],
  ["exactly one, scaled", process({ exactlyOne: true, autoscale: { min: 1, max: 2 } }), /no autoscale/],
  [
    "a least count above the most",
    process({ autoscale: { min: 5, max: 2 } }),
    /autoscale\.min/,
    /at most max/,
  ],
  ["an idle time-out beyond the balancer's", process({ idleTimeout: "2h" }), /at most 4000s/],
  ["a duration without unit", schedule({ timeout: "90" }), /2h/],
  ["a time-out beyond a day", schedule({ timeout: "2d" }), /at most 24h/],
  [
    "an application without processes",
    shared({ applications: { idle: { processes: {} } } }),
    /idle\.processes/,
  ],
  [
    "a name too long",
    shared({ applications: { ["a".repeat(21)]: { processes: {} } } }),
    /at most 20/,
    /rename it/,
  ],
  ["a name in capitals", shared({ buckets: { Media: {} } }), /lower case letters/],
  ["a variable in lower case", web({ variables: { debug: "1" } }), /capital letters/],
  [
    "a variable that every environment must say",
    web({ variables: { API_URL: null } }),
    /API_URL/,
    /Pulumi\.prod\.yaml/,
  ],
  ["a variable with two sources", web({ variables: { DB_HOST: "x" } }), /DB_HOST/, /one source/],
  ["a bucket's variable that is taken", web({ buckets: { media: "SECRET_KEY" } }), /one source/],
  [
    "a secret by its name in clear",
    web({ variables: { STRIPE_SECRET_KEY: "hush-hush" } }),
    /not repeated here/,
  ],
  [
    "a secret by its value in clear",
    web({ variables: { PAYMENT: "sk_live_hush-hush" } }),
    /not repeated here/,
  ],
  [
    "a password in a URL",
    web({ variables: { FEED: "https://u:hush-hush@feed.example" } }),
    /not repeated here/,
  ],
  ["a given secret in clear", { clear: ["MAP_KEY"], secrets: { MAP_KEY: "hush-hush" } }, /encrypted value/],
  ["a mandatory secret that is missing", { secrets: { MAP_KEY: null } }, /MAP_KEY/, /mandatory and missing/],
  ["a secret that nobody declared", { secrets: { MAP_KEI: "x" } }, /shop:MAP_KEI/, /did you mean MAP_KEY/],
  ["a value for a generated secret", { secrets: { SECRET_KEY: "x" } }, /SECRET_KEY is generated/],
  [
    "a generated secret too short",
    shared({ secrets: { SECRET_KEY: { kind: "generated", length: 8 } } }),
    /at least 32/,
  ],
  ["an unknown kind of secret", shared({ secrets: { SECRET_KEY: "guessed" } }), /secrets\.SECRET_KEY/],
  [
    "a secret used and not declared",
    web({ secrets: ["SECRET_KEI"] }),
    /"SECRET_KEI"/,
    /did you mean SECRET_KEY/,
  ],
  [
    "a database used and not declared",
    web({ databases: { man: {} } }),
    /databases\.man/,
    /did you mean main/,
  ],
  ["a bucket used and not declared", web({ buckets: { medias: "X" } }), /did you mean media/],
  ["a schedule of an unknown application", schedule({ application: "wep" }), /did you mean web/],
  [
    "a job of an unknown application",
    shared({ jobs: { export: { application: "no" } } }),
    /jobs\.export\.application/,
  ],
  ["an engine that is not offered", database({ engine: "oracle" }), /"oracle"/, /mysql/],
  [
    "a MySQL version out of support",
    database({ version: "8.0.25" }),
    /"8\.0\.25"/,
    /8\.4 LTS \(until 2029-07-31\)/,
  ],
  ["a version that YAML made a number", database({ version: 8.4 }), /in quotes/],
  ["PostgreSQL's port", database({ port: 5432 }), /5432/, /3306/],
  ["the user root", database({ user: "root" }), /never root/],
  ["a schema's name with a hyphen", database({ name: "oc-pizza" }), /digits or _/],
  ["too small a disk", database({ storage: 5 }), /at least 20 GiB/],
  ["a disk that cannot grow", database({ storage: 100, maxStorage: 100 }), /maxStorage/, /at least 110 GiB/],
  ["an instance class that is no ARM", database({ size: "db.t3.micro" }), /ARM/],
  [
    "an adoption of two kinds",
    database({ adopt: { snapshot: "a", instance: "b" } }),
    /main\.adopt/,
    /snapshot/,
  ],
  [
    "an adoption without its password",
    database({ adopt: { instance: "old", password: "OLD_PASSWORD" } }),
    /OLD_PASSWORD/,
  ],
  ["a range that is none", shared({ network: { cidr: "10.20.0.0" } }), /10\.20\.0\.0\/16/],
  [
    "a range that begins elsewhere",
    shared({ network: { cidr: "10.20.3.0/16" } }),
    /first address \(10\.20\.0\.0\)/,
  ],
  ["a range that is too small", shared({ network: { cidr: "10.20.0.0/26" } }), /\/16 to \/22/],
  ["a range that overlaps", shared({ network: { cidr: "10.10.128.0/17" } }), /overlaps 10\.10\.0\.0\/16/],
  ["applications without a network", shared({ network: null }), /network/],
  [
    "applications that nobody reaches",
    shared({ applications: { web: null, office: { processes: { work: {} } } }, schedules: null, jobs: null }),
    /at least one process that the public reaches/,
  ],
  ["four zones", shared({ network: { zones: 4 } }), /2 or 3/],
  ["a cron of six fields", schedule({ cron: "0 0 7 * * *" }), /five cron fields/],
  ["a cron beyond the clock", schedule({ cron: "0 25 * * *" }), /cron/],
  ["a cron that never comes", schedule({ cron: "0 0 31 2 *" }), /some day/],
  ["a cron with both days", schedule({ cron: "0 0 1 * 1" }), /not both/],
  ["an unknown time zone", schedule({ timeZone: "Europe/Pariss" }), /"Europe\/Pariss"/, /IANA/],
  ["no address for notices", shared({ notices: { mails: [] } }), /silence is no notice/],
  ["an address that is none", shared({ notices: { mails: ["team"] } }), /mails\.0/, /a mail address/],
  ["a webhook that is no given secret", shared({ notices: { webhook: "SECRET_KEY" } }), /notices\.webhook/],
  ["backups in the same region", shared({ backupRegion: "eu-west-3" }), /backupRegion/, /second region/],
  ["backups kept no day", shared({ backups: { keep: 0 } }), /at least 1/],
  ["demo data in production", web({ demoData: "manage demo" }), /demo data in the sandbox only/],
  [
    "a release in production",
    { around: { "shop:release": { web: `sha256:${"a".repeat(64)}` } } },
    /passport/,
  ],
  ["a digest that is none", { around: { "shop:release": { web: "latest" } } }, /sha256/],
  ["nobody to approve a promotion", shared({ github: { reviewers: [] } }), /who approves/],
  [
    "editors of what has no host",
    shared({ applications: { office: { processes: { work: {} }, editors: ["a@b.fr"] } } }),
    /office\.editors/,
  ],
  ["a zone's id that is none", shared({ zone: { id: "abc" } }), /32 hexadecimal digits/],
  ["a rate limit below the least", shared({ edge: { rateLimit: 1 } }), /at least 60/],
  [
    "a name that JavaScript's objects have",
    shared({ jobs: { export: { application: "constructor" } } }),
    /jobs\.export\.application/,
    /any name but this one/,
  ],
  [
    "mail for two people in one rule",
    shared({ mailbox: { addresses: { contact: ["a@b.fr", "c@b.fr"] } } }),
    /one address/,
  ],
];

for (const [title, changes, ...expected] of WRONG)
  test(`refused: ${title}`, () => {
    const { message } = refusal(changes);
    for (const pattern of [/nothing was touched/, /allowed {2}\S/, /remedy {3}\S/, ...expected])
      assert.match(message, pattern);
    assert.doesNotMatch(message, /hush-hush/);
    assert.doesNotMatch(message, / at .*\.ts:\d/);
  });

test("at least sixty wrong configurations are tried", () => assert.ok(WRONG.length >= 60, `${WRONG.length}`));

test("several mistakes, of single values and across values, come in one message", () => {
  const { message, mistakes } = refusal({
    shared: {
      backupRegion: "eu-west-3",
      databases: { main: { version: "8.0.25" } },
      applications: { web: { processes: { web: { cpu: 300 } }, secrets: ["SECRET_KEI"] } },
    },
    secrets: { MAP_KEY: null },
  });
  assert.match(message, /has 5 mistakes/);
  assert.deepEqual(mistakes.map(({ path }) => path).sort(), [
    "applications.web.processes.web.cpu",
    "applications.web.secrets.SECRET_KEI",
    "backupRegion",
    "databases.main.version",
    "shop:MAP_KEY",
  ]);
});

test("a mistake names the file that holds it", () => {
  const places = refusal({ shared: { network: { zones: 9 } }, differences: { edge: { rateLimit: 1 } } });
  assert.deepEqual(
    places.mistakes.map(({ file, path }) => [file, path]),
    [
      ["Pulumi.yaml", "network.zones"],
      ["Pulumi.prod.yaml", "edge.rateLimit"],
    ],
  );
});

test("a stack that is no environment is refused by name", () => {
  assert.throws(() => parse(raw({}, "prood")), /prood[\s\S]*sandbox, prod[\s\S]*pulumi stack init prod/);
});

const NIGHTLY = { cron: "17 3 * * *", timeZone: "Europe/Paris", keep: 30, everySeconds: 90_000 };

test("what is right is read, with defaults filled in and differences laid over", () => {
  const settings = parse(
    raw({ differences: { applications: { web: { processes: { web: { count: 3 } } } } } }),
  );
  assert.equal(settings.applications.web?.processes.web?.count, 3);
  assert.equal(settings.applications.web?.processes.web?.host, "shop.example");
  assert.equal(settings.databases.main?.version, "8.4");
  const { cron, timeZone, keep, everySeconds } = settings.backups;
  assert.deepEqual({ cron, timeZone, keep, everySeconds }, NIGHTLY);
  assert.equal(settings.applications.web?.directory, ".");
  assert.deepEqual(settings.jobs.export?.command, ["manage", "export"]);
  assert.deepEqual(settings.schedules.nightly?.command, ["sh", "-c", "manage nightly"]);
  assert.equal(settings.schedules.nightly?.timeout, 3600);
});

test("the sandbox may load demo data and release", () => {
  const digest = `sha256:${"a".repeat(64)}`;
  const settings = parse(
    raw({ ...web({ demoData: "x" }), around: { "shop:release": { web: digest } } }, "sandbox"),
  );
  assert.equal(settings.release.web, digest);
  assert.deepEqual(settings.applications.web?.demoData, ["sh", "-c", "x"]);
});

test("a zone among the differences is the stack's own", () => {
  assert.equal(parse(raw()).ownZone, false);
  assert.equal(parse(raw({ differences: { zone: { id: "1".repeat(32) } } })).ownZone, true);
});

test("a database without anybody who serves is refused before a certificate without hosts is", () => {
  const { values, ...right } = raw();
  const { applications: _, schedules: __, jobs: ___, ...shared } = RIGHT.shared;
  const alone = { ...values, "shop:shared": JSON.stringify(shared) };
  assert.throws(() => parse({ ...right, values: alone }), /at least one process that the public reaches/);
});

for (const project of ["My_Shop", "2fast", "shop--two", "shop.v2", "a".repeat(51)])
  test(`the project name ${project} is refused before any service refuses what is named after it`, () => {
    const { values, ...right } = raw();
    const renamed = Object.entries(values).map(([key, text]) => [key.replace(/^shop:/, `${project}:`), text]);
    const encrypted = (key: string) => key === `${project}:MAP_KEY`;
    assert.throws(
      () => parse({ ...right, project, values: Object.fromEntries(renamed), encrypted }),
      /Pulumi\.yaml {2}name[\s\S]*lower case letters/,
    );
  });

for (const [cron, zone, hours] of [
  ["*/15 * * * *", "UTC", 0.25],
  ["0 7 * * *", "UTC", 24],
  ["0 7 * * *", "Europe/Paris", 25],
  ["0 0 * * 0", "UTC", 168],
  ["* 8-18 * * 1-5", "UTC", 61 + 1 / 60],
  ["* * 1 * *", "UTC", 30 * 24 + 1 / 60],
  // Across 2100, which is no leap year.
  ["0 0 29 2 *", "UTC", (8 * 365 + 1) * 24],
] as const)
  test(`between two runs of ${cron} (${zone}) pass at most ${Math.round(hours * 100) / 100} hours`, () => {
    assert.equal(longestGap(cron, zone), Math.round(hours * 3600));
  });

function refusal(changes: object): ConfigurationError {
  try {
    parse(raw(changes));
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  assert.fail("was not refused");
}
