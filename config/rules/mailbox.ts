import { closest } from "fastest-levenshtein";
import { type Checkable, mistakeAt } from "../checkable";
import { type Mistake, shown } from "../mistakes";

/**
 * Where the mailbox receives the domain's mail, it receives no other than its own addresses: what is sent to any
 * other bounces, alarms among it.
 */
export function mailboxMistakes(checkable: Checkable): Mistake[] {
  const { mailbox, zone, notices, sites, applications } = checkable.settings;
  if (mailbox === undefined) return [];
  const known = Object.keys(mailbox.addresses);
  const named: readonly (readonly [readonly PropertyKey[], string])[] = [
    ...notices.mails.map((mail, index) => [["notices", "mails", index], mail] as const),
    ...Object.entries(sites).flatMap(([key, { mails = [] }]) =>
      mails.map((mail, index) => [["sites", key, "mails", index], mail] as const),
    ),
    ...Object.entries(applications).flatMap(
      ([
        key,
        {
          maintenance: { contact },
        },
      ]) =>
        contact === undefined ? [] : [[["applications", key, "maintenance", "contact"], contact] as const],
    ),
    ...Object.entries(mailbox.addresses).flatMap(([key, receivers]) =>
      receivers.map((mail, index) => [["mailbox", "addresses", key, index], mail] as const),
    ),
  ];
  return named.flatMap(([path, mail]) => {
    const [local = "", domain] = mail.toLowerCase().split("@");
    if (domain !== zone.name || known.includes(local)) return [];
    const near = known.length > 0 ? ` (the nearest is ${closest(local, known)}@${zone.name})` : "";
    return [
      mistakeAt(checkable, path, {
        found: shown(mail),
        allowed: `an address of mailbox.addresses, or one of another domain${near}: nobody else receives mail at ${zone.name}`,
        remedy: `declare ${local} under mailbox.addresses, or name another address`,
      }),
    ];
  });
}
