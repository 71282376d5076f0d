import { promises as dns, type LookupAddress } from "node:dns";
import { connect, type PeerCertificate } from "node:tls";
import { ask, type Known } from "./known";
import type { CertificateStatus, HostStatus } from "./status";

/** What is asked of the public network; tests answer themselves. */
export interface PublicNetwork {
  addresses(host: string, family: 4 | 6): Promise<readonly string[]>;
  /** The certificate that a host shows. */
  certificate(host: string): Promise<CertificateStatus>;
  /** Names of the domain's mail servers. */
  mailServers(domain: string): Promise<readonly string[]>;
}

/** How long an answer may take, in milliseconds. */
const PATIENCE = 8000;

export const publicNetwork: PublicNetwork = {
  addresses: (host, family) => orNone(family === 4 ? dns.resolve4(host) : dns.resolve6(host)),
  certificate: (host) => shownCertificate({ host }),
  mailServers: async (domain) => {
    const servers = await orNone(dns.resolveMx(domain));
    return [...servers].sort((one, other) => one.priority - other.priority).map(({ exchange }) => exchange);
  },
};

/** A host without addresses of a family is an answer, too. */
async function orNone<T>(question: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await question;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENODATA") return [];
    throw error;
  }
}

/** A host as the public finds it. */
export async function hostStatus(network: PublicNetwork, host: string): Promise<HostStatus> {
  const sorted = (family: 4 | 6): Promise<Known<readonly string[]>> =>
    ask(async () => [...(await network.addresses(host, family))].sort());
  const [ipv4, ipv6, tls] = await Promise.all([sorted(4), sorted(6), ask(() => network.certificate(host))]);
  return { host, ipv4, ipv6, tls };
}

/** @param ca who is trusted besides @param address where the host is reached @default where DNS says */
export function shownCertificate({
  host,
  port = 443,
  address,
  ca,
}: {
  readonly host: string;
  readonly port?: number;
  readonly address?: LookupAddress["address"];
  readonly ca?: string;
}): Promise<CertificateStatus> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: address ?? host,
      port,
      servername: host,
      timeout: PATIENCE,
      // A certificate that is not trusted is looked at as well: why it is not is what is to be said.
      rejectUnauthorized: false,
      ...(ca === undefined ? {} : { ca }),
    });
    const done = (end: () => void) => {
      socket.destroy();
      end();
    };
    socket.once("secureConnect", () => {
      const shown = socket.getPeerCertificate();
      const fault = socket.authorized ? undefined : String(socket.authorizationError);
      done(() => resolve(certificateStatus(shown, fault)));
    });
    socket.once("timeout", () => done(() => reject(new Error(`no answer within ${PATIENCE / 1000} s`))));
    socket.once("error", (error) => done(() => reject(error)));
  });
}

function certificateStatus(
  { issuer, valid_to }: PeerCertificate,
  fault: string | undefined,
): CertificateStatus {
  return {
    issuer: [issuer.O, issuer.CN].flat().filter(Boolean).join(" "),
    until: new Date(valid_to).toISOString(),
    ...(fault === undefined ? {} : { fault }),
  };
}
