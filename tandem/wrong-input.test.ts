import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, mock, test } from "node:test";
import type { Command } from "commander";
import { ENVIRONMENTS } from "../config/settings";
import { EXIT } from "./errors";
import { program, tandem } from "./main";
import { examples, ROOT } from "./project";
import { scratch } from "./scratch.test-helper";

const DIGEST = `sha256:${"a".repeat(64)}`;
const NOWHERE = "/nowhere/at/all";
const EXAMPLE = /^--real acts on this project only: an example has no accounts\.$/;
const STANDS_NOT = /(does not stand|no passport).*bring it up first/i;

/** Words after the command's name, what is said, and the exit code where it is not that of a wrong command line. */
type Row = readonly [words: string, said: RegExp, code?: number];

/**
 * What a command itself has to refuse, by command: names that are not declared, malformed times, options that
 * contradict each other. What every command line has in common (options, arguments, choices) is tried of all.
 * Nothing is rehearsed here, so that what needs a rehearsal says so.
 */
const ROWS: Readonly<Record<string, readonly Row[]>> = {
  rehearse: [["nope", /^example of .* is "nope"; allowed: envinorma, oc-pizza, osuny-site\./]],
  plan: [["-e oc-pizza --real", EXAMPLE]],
  parity: [],
  map: [],
  review: [
    ["", /^review compares with a commit \(--base <commit>\), or reads what .* wrote/],
    ["--base HEAD --sandbox x", /: say one of the two\.$/],
    ["--base nope", /^git knows no commit nope here: fetch it first/],
    [`--sandbox ${NOWHERE}`, /^--sandbox is ".*", which cannot be read; allowed: a file that pulumi preview/],
    [`--base HEAD -o ${NOWHERE}`, /^--out is ".*"; allowed: a file in a folder that is there\.$/],
  ],
  apply: [
    ["-s sandbox --release web", /^--release "web"; allowed: <application>=sha256:<64 hexadecimal digits>/],
    ["-s sandbox --release web=latest", /^--release "web=latest"; allowed: /],
    [`-s sandbox --release wep=${DIGEST}`, /^--release wep; allowed: one of the applications: web\.$/],
    [`-s prod --release web=${DIGEST}`, /--stack prod; allowed: the sandbox.*npx tandem promote/],
    [`-s sandbox --reviewed ${NOWHERE}`, /^--reviewed is ".*"; which|allowed: a file with a review/],
    ["-s sandbox -e oc-pizza --real", EXAMPLE],
  ],
  verify: [
    ["", STANDS_NOT, EXIT.refused],
    ["-e oc-pizza --real", EXAMPLE],
  ],
  promote: [
    ["", STANDS_NOT, EXIT.refused],
    ["--back", /nothing to go back to yet/, EXIT.refused],
    [`--reviewed ${NOWHERE}`, /allowed: a file with a review as Markdown\.$/],
    ["-e oc-pizza --real", EXAMPLE],
  ],
  status: [
    ["--watch --json", /^--watch is for a terminal, without --json and --check/],
    ["--watch", /^--watch is for a terminal/],
    ["--check", /^Something is wrong\.$/, EXIT.differs],
    ["--check --json", /^sandbox is not up yet\nproduction is not up yet$/, EXIT.differs],
    ["-e oc-pizza --real", EXAMPLE],
  ],
  logs: [
    ["wep", /^There is no log of wep\. Did you mean web\? There are: .*schedule\/clear-sessions/],
    ["schedule/nope", /^There is no log of schedule\/nope\..*There are: /],
    ["--since yesterday", /^--since is "yesterday"; allowed: a number above 0 with s, m, h or d/],
    ["--since 0h", /^--since is "0h"; allowed: /],
    ["-e oc-pizza --real", EXAMPLE],
  ],
  run: [
    ["wep -- ls", /^There is no application wep\. Did you mean web\? There are: web\.$/],
    ["web ls -l", /has no option -l\..*What belongs to <command> comes after --\./],
    ["web --minutes x -- ls", /^--minutes is x; allowed: a whole number from 1 to 1440\.$/],
    ["web --minutes 0 -- ls", /^--minutes is 0; allowed: /],
    ["web -e oc-pizza --real -- ls", EXAMPLE],
  ],
  console: [
    ["wep", /^There is no application wep\. Did you mean web\?/],
    ["web wep", /^Application web has no process wep\. Did you mean web\? There are: web\.$/],
    ["web -e oc-pizza --real", EXAMPLE],
  ],
  job: [
    ["nope", /^There is no job nope: none is declared, under jobs\.$/],
    ["s3ic -e envinorma", /^There is no job s3ic\. Did you mean .*\? There is: am-export, /],
    ["s3ic-import -e envinorma", /^Job s3ic-import needs DUMP=\.\.\. \(/],
    ["s3ic-import DUMP=a DAMP=b -e envinorma", /has no input DAMP\. Did you mean DUMP\?/],
    ["s3ic-import DUMP -e envinorma", /^DUMP is no NAME=value\./],
    [
      "s3ic-import DUMP=a -e envinorma",
      /does not stand .*Bring it up first: npx tandem rehearse env/,
      EXIT.refused,
    ],
  ],
  maintenance: [
    ["on", /^npx tandem maintenance on needs an application and --stack sandbox or prod\.\n {2}remedy/],
    ["on web", /needs an application and --stack/],
    ["on wep -s sandbox", /^There is no application wep that the public reaches\. Did you mean web\?/],
    ["on web -s sandbox --minutes soon", /^--minutes is "soon"; allowed: a whole number from 1 to 1440\./],
    ["on web -s sandbox --minutes 1441", /^--minutes is 1441; allowed: .*What takes longer is planned/],
    ["on web -s sandbox --until noon", /^--until is "noon"; allowed: an instant with its offset, such as /],
    ["on web -s sandbox --minutes 5 --until 2026-12-01T12:00:00Z", /say the same: name one of them\.$/],
    ["off web -s sandbox --minutes 5", /^--minutes and --until go with on and pass/],
    ["on web -s sandbox", /There is no sandbox .*in the rehearsal: npx tandem rehearse/, EXIT.refused],
  ],
  start: [
    ["--until 22:00", /^sandbox has no office hours: .*Declare officeHours/],
    ["--until late -e envinorma", /^--until is "late", and it is .*; allowed: a time such as 22:00 \(Europe/],
    ["--until 25:00 -e envinorma", /^--until is "25:00"/],
    ["--until 2020-01-01T00:00:00Z -e envinorma", /at most a day from now\.$/],
    ["--until 22:00 -e envinorma", /does not stand .*Bring it up first/, EXIT.refused],
  ],
  stop: [
    ["-s prod", /^prod has no office hours: /],
    ["-e envinorma", /does not stand .*Bring it up first/, EXIT.refused],
  ],
  backup: [
    ["mian -s sandbox", /^sandbox has no database mian\. Did you mean main\? There is: main\.$/],
    ["main -s sandbox", STANDS_NOT, EXIT.refused],
    ["main -s sandbox --asked a_b", STANDS_NOT, EXIT.refused],
  ],
  backups: [["-s sandbox", STANDS_NOT, EXIT.refused]],
  export: [["main -s sandbox --to .", STANDS_NOT, EXIT.refused]],
  restore: [
    ["main", /^Say where it is restored: --stack sandbox or --stack prod\.$/],
    ["main -s sandbox", STANDS_NOT, EXIT.refused],
    ["main -s sandbox --sandbox-profile x", /^--sandbox-profile goes with --refresh-sandbox\.$/],
    ["main --refresh-sandbox --into X", /anonymised, into the sandbox: --into has no place there\.$/],
    ["main --refresh-sandbox -s prod", /--stack prod has no place there\.$/],
  ],
  drill: [
    ["mian -s sandbox", /^sandbox has no database mian\. Did you mean main\?/],
    ["main -s sandbox", STANDS_NOT, EXIT.refused],
  ],
  secrets: [["-e oc-pizza --real", EXAMPLE]],
  rotate: [
    ["SECRET", /^There is no SECRET to rotate\. Did you mean SECRET_KEY\? There are: .*databases\.main\.$/],
    ["databases.mian", /Did you mean databases\.main\?/],
    ["SECRET_KEY", /does not stand yet: bring it up first/, EXIT.refused],
    ["SECRET_KEY -e oc-pizza --real", EXAMPLE],
  ],
  gitlab: [
    ["", /^No site of oc-pizza is on GitLab; remedy: name its project, sites\.<key>\.gitlab/],
    ["--site nope -e osuny-site", /^No site of osuny-site is on GitLab; remedy: /],
  ],
  comment: [
    [`--file ${NOWHERE}`, /^--file is ".*", which cannot be read; allowed: a review as Markdown\.$/],
    ["--file README.md --pr x", /^--pr is "x"; allowed: the number of a pull request\.$/],
    ["--file README.md", /^No pull request started this: name one with --pr <number>\.$/],
  ],
  reviewed: [
    ["--since main", /^--since is "main"; allowed: a commit's 40 hexadecimal digits\./],
    [`--since ${"0".repeat(40)}`, /is no ancestor of what is checked out here: fetch/, EXIT.refused],
    [`--since ${"0".repeat(40)} --out ${NOWHERE}`, /^--out is ".*"; allowed: a file in a folder/],
  ],
};

/** What every command line refuses: made from what is declared, so that no command is left out. */
function common(command: Command): readonly Row[] {
  const name = `npx tandem ${command.name()}`;
  const wanted = command.registeredArguments.filter(({ required }) => required);
  const needed = command.options.filter(({ mandatory }) => mandatory).map(({ long }) => `${long} sandbox`);
  const enough = [...wanted.map(() => "x"), ...needed].join(" ");
  const variadic = command.registeredArguments.some((each) => each.variadic);
  const [first] = wanted;
  const [option] = command.options.filter(({ mandatory }) => mandatory);
  return [
    [
      `${enough} --nonsense`,
      new RegExp(`^${name} has no option --nonsense\\. Did you mean --.*There are: --`),
    ],
    ...(variadic ? [] : [[`${enough} x x x`, new RegExp(`^${name} takes .*; given: .*x x x\\.`)] as Row]),
    ...(first === undefined ? [] : [["", new RegExp(`^${name} needs (<${first.name()}>: .|--)`)] as Row]),
    ...(option === undefined
      ? []
      : [[wanted.map(() => "x").join(" "), new RegExp(`^${name} needs ${option.long}[:;] .`)] as Row]),
    ...command.options.flatMap(({ long, argChoices, required }): readonly Row[] => [
      ...(required
        ? [[`${enough} ${long}`, new RegExp(`^${long} of ${name} needs a value[:;] .`)] as Row]
        : []),
      ...(argChoices === undefined
        ? []
        : [
            [
              `${enough} ${long} nonsense`,
              new RegExp(`^${long} of ${name} is "nonsense"; allowed: ${argChoices.join(", ")}\\.`),
            ] as Row,
          ]),
    ]),
  ];
}

const commands = program.commands.filter((command) => command.name() !== "help");
const files = ["", ...examples().map((name) => join("examples", name))].flatMap((folder) =>
  ["", ...ENVIRONMENTS.map((stack) => `.${stack}`)].map((of) => join(ROOT, folder, `Pulumi${of}.yaml`)),
);
const contents = () => files.map((file) => readFileSync(file, "utf8"));

describe("wrong input", () => {
  const folder = scratch("wrong-input");
  const kept = join(folder, "rehearsals");
  const error = mock.method(console, "error", () => {});
  const log = mock.method(console, "log", () => {});
  const { GITHUB_EVENT_PATH, GITHUB_REPOSITORY, GITHUB_TOKEN, TANDEM_REHEARSALS } = process.env;
  let untouched: readonly string[];

  before(() => {
    untouched = contents();
    process.env.TANDEM_REHEARSALS = kept;
    for (const name of ["GITHUB_EVENT_PATH", "GITHUB_REPOSITORY", "GITHUB_TOKEN"]) delete process.env[name];
  });
  after(() => {
    error.mock.restore();
    log.mock.restore();
    const former = { GITHUB_EVENT_PATH, GITHUB_REPOSITORY, GITHUB_TOKEN, TANDEM_REHEARSALS };
    for (const [name, value] of Object.entries(former))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    rmSync(folder, { recursive: true, force: true });
  });

  /** @returns what is said, and the exit code */
  async function typed(words: readonly string[]) {
    error.mock.resetCalls();
    const code = await tandem(words);
    return { code, said: error.mock.calls.map(({ arguments: [text] }) => String(text)) };
  }

  test("has its rows for every command", () => {
    assert.deepEqual(
      Object.keys(ROWS).sort(),
      commands.map((command) => command.name()).sort(),
      "Give the new command its rows in ROWS: wrong names, malformed values, options that contradict each other.",
    );
  });

  for (const command of commands)
    test(`to ${command.name()} is one message, with what is allowed; nothing is written`, async () => {
      for (const [words, expected, code = EXIT.usage] of [
        ...common(command),
        ...(ROWS[command.name()] ?? []),
      ]) {
        const given = `npx tandem ${command.name()} ${words}`;
        const answer = await typed([command.name(), ...words.split(" ").filter((word) => word !== "")]);
        assert.equal(answer.said.length, 1, `${given}: ${answer.said.join(" | ")}`);
        assert.match(answer.said[0] ?? "", expected, given);
        assert.doesNotMatch(answer.said[0] ?? "", /^ +at |NaN|undefined|\[object/m, given);
        assert.equal(answer.code, code, given);
      }
      assert.deepEqual(contents(), untouched);
      assert.ok(!existsSync(kept), "a rehearsal was written");
    });

  test("a command that there is not names those that there are", async () => {
    const { said, code } = await typed(["statsu"]);
    assert.match(
      said.join(),
      /^There is no command statsu\. Did you mean status\? There are: apply, backup, /,
    );
    assert.equal(code, EXIT.usage);
    assert.deepEqual((await typed(["help", "statsu"])).said, said);
  });

  test("help fits 100 columns, and every command stands in it once, under a heading", () => {
    const lines = program.helpInformation().split("\n");
    assert.deepEqual(
      lines.filter((line) => line.length > 100),
      [],
    );
    for (const command of commands) {
      const shown = lines.filter((line) => line.startsWith(`  ${command.name()} `));
      assert.equal(shown.length, 1, command.name());
      assert.match(shown[0] ?? "", /^ {2}\w+ +\S.*[^.]$/, "a summary, without a full stop");
    }
  });
});

test("the exit code reaches whoever called, and so does the message", () => {
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    ["--require", "./typescript.cjs", "tandem/main.ts", "plan", "--stack", "nope"],
    { cwd: ROOT, encoding: "utf8" },
  );
  assert.equal(status, EXIT.usage);
  assert.equal(stdout, "");
  assert.equal(
    stderr,
    '--stack of npx tandem plan is "nope"; allowed: sandbox, prod.\n  remedy   npx tandem plan --help\n',
  );
});
