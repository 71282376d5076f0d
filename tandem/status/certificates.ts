import {
  type ACMClient,
  type CertificateSummary,
  DescribeCertificateCommand,
  paginateListCertificates,
} from "@aws-sdk/client-acm";
import { type Known, known, unknown } from "./known";
import type { CertificateStatus } from "./status";

/** The certificate between the edge and the balancer: the one that is in use for all of the hosts. */
export async function originCertificate(
  client: ACMClient,
  hosts: readonly string[],
): Promise<Known<CertificateStatus>> {
  if (hosts.length === 0) return unknown("it has none: nothing here stands behind a balancer");
  for await (const page of paginateListCertificates({ client }, ELLIPTIC))
    for (const summary of page.CertificateSummaryList ?? [])
      if (summary.InUse === true && covers(summary, hosts)) return known(await described(client, summary));
  return { unknown: `no certificate in use covers ${hosts.join(", ")}`, failed: true };
}

/** Left to itself, ACM lists those of RSA only. */
const ELLIPTIC = { Includes: { keyTypes: ["EC_prime256v1" as const] } };

function covers(
  { DomainName, SubjectAlternativeNameSummaries = [] }: CertificateSummary,
  hosts: readonly string[],
) {
  const names = [DomainName, ...SubjectAlternativeNameSummaries];
  return hosts.every((host) => names.includes(host));
}

async function described(
  client: ACMClient,
  { CertificateArn }: CertificateSummary,
): Promise<CertificateStatus> {
  const { Certificate } = await client.send(new DescribeCertificateCommand({ CertificateArn }));
  const { Issuer = "Amazon", NotAfter, Status = "unknown" } = Certificate ?? {};
  return {
    issuer: Issuer,
    until: NotAfter?.toISOString() ?? "",
    ...(Status === "ISSUED" ? {} : { fault: Status }),
  };
}
