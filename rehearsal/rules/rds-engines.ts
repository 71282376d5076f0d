import type { Props, RuleContext } from "../types";
import { text } from "./aws";

/**
 * MySQL on RDS, by line: the last day of standard support. Afterwards a line is billed as extended support,
 * or refused where that is switched off. Source: AWS's MySQL support calendar, November 2026.
 */
const MYSQL: Readonly<Record<string, { readonly until: string; readonly newest: string }>> = {
  "8.0": { until: "2026-07-31", newest: "8.0.43" },
  "8.4": { until: "2029-07-31", newest: "8.4.6" },
};

const PORTS: Readonly<Record<string, number>> = { mysql: 3306, mariadb: 3306, postgres: 5432 };

/** Longest master password, by engine (RDS API, MasterUserPassword). */
const PASSWORDS: Readonly<Record<string, number>> = { mysql: 41, mariadb: 41, postgres: 128 };

export function defaultPort(engine: unknown): number {
  return PORTS[String(engine)] ?? 3306;
}

/** `8.4` or `8.4.6` -> `8.4`; PostgreSQL counts its lines by the first number alone. */
export function lineOf(engine: unknown, version: string): string {
  return version
    .split(".")
    .slice(0, engine === "postgres" ? 1 : 2)
    .join(".");
}

/** The version that runs: a line alone means its newest minor version. */
export function actualVersion(inputs: Props): string {
  const version = text(inputs.engineVersion) ?? (inputs.engine === "mysql" ? "8.4" : "");
  return inputs.engine === "mysql" ? (MYSQL[version]?.newest ?? version) : version;
}

/** Refuses a version that RDS does not offer, or whose standard support is over while extended support is off. */
export function refuseVersion(ctx: RuleContext, inputs: Props): void {
  const version = text(inputs.engineVersion);
  if (inputs.engine !== "mysql" || version === undefined) return;
  const line = MYSQL[lineOf("mysql", version)];
  const isOver = (until: string) => ctx.now.slice(0, 10) > until;
  const supported = Object.entries(MYSQL).filter(([, each]) => !isOver(each.until));
  const names = supported.map(([name, each]) => `${name} (until ${each.until})`).join(", ");
  if (line === undefined) {
    ctx.refuse("InvalidParameterCombination", `RDS offers no MySQL ${version}; supported: ${names}`);
  }
  if (isOver(line.until) && inputs.engineLifecycleSupport === "open-source-rds-extended-support-disabled") {
    ctx.refuse(
      "InvalidParameterCombination",
      `standard support of MySQL ${version} ended on ${line.until} and extended support is disabled; supported: ${names}`,
    );
  }
}

/** Refuses credentials that the engine cannot take. The password itself is never told. */
export function refuseCredentials(ctx: RuleContext, inputs: Props): void {
  if (inputs.username === "rdsadmin") {
    ctx.refuse("InvalidParameterValue", `the username "rdsadmin" is reserved by RDS`);
  }
  for (const name of ["password", "passwordWo"]) {
    const password = text(inputs[name]);
    if (password === undefined) continue;
    const most = PASSWORDS[String(inputs.engine)] ?? 128;
    if (password.length < 8 || password.length > most) {
      ctx.refuse(
        "InvalidParameterValue",
        `the ${name} must have 8 to ${most} characters for ${inputs.engine}`,
      );
    }
    if (!/^[ -~]+$/.test(password) || /[/"@]/.test(password)) {
      ctx.refuse("InvalidParameterValue", `the ${name} may hold printable ASCII except / " @`);
    }
  }
}
