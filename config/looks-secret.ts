const SECRET_NAME =
  /(^|_)(SECRET|PASSWORD|PASSWD|TOKEN|DSN|CREDENTIALS?|(API|ACCESS|PRIVATE|SECRET|SIGNING)_?KEY)(_|$)/;
const SECRET_VALUE =
  /(^|[^A-Za-z0-9])(sk_live_|sk_test_|rk_live_|gh[pousr]_|github_pat_|xox[abp]-|AKIA[0-9A-Z]{16})|-----BEGIN|:\/\/[^/\s:@]+:[^/\s@]+@/;

/** Whether a value is a secret, by the name it has or by its own look. */
export function looksSecret(name: string, value: unknown): boolean {
  return (
    SECRET_NAME.test(name) ||
    SECRET_VALUE.test(typeof value === "string" ? value : (JSON.stringify(value) ?? ""))
  );
}
