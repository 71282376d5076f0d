import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import { type Scope, tags } from "./names";

export interface CertificateArgs {
  readonly scope: Scope;
  /** Every host that the balancer answers for; wildcards such as `*.example.org` are legal. */
  readonly hosts: readonly string[];
  /** The Cloudflare zone that all hosts belong to. */
  readonly zoneId: string;
}

/**
 * One certificate for all hosts of an environment, validated through Cloudflare's DNS. The records stay, so
 * that ACM renews by itself; a certificate with other hosts takes over the records of those that remain.
 *
 * ACM grants ten hosts a certificate at first, and a hundred on request.
 */
export class Certificate extends pulumi.ComponentResource {
  /** Known only once the certificate is issued: whoever takes it waits for that. */
  public readonly certificateArn: pulumi.Output<string>;

  constructor(name: string, args: CertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:edge:Certificate", name, {}, opts);
    const [first, ...others] = certificateNames(args.hosts);

    const certificate = new aws.acm.Certificate(
      name,
      {
        domainName: first,
        subjectAlternativeNames: others,
        validationMethod: "DNS",
        keyAlgorithm: "EC_prime256v1",
        tags: tags(args.scope, "certificate"),
      },
      { parent: this },
    );

    const records = validatedHosts(args.hosts).map((host) => {
      const option = certificate.domainValidationOptions.apply((options) => validationOption(options, host));
      return new cloudflare.DnsRecord(
        `${name}-${host}`,
        {
          zoneId: args.zoneId,
          type: "CNAME",
          name: option.apply(({ resourceRecordName }) => bare(resourceRecordName)),
          content: option.apply(({ resourceRecordValue }) => bare(resourceRecordValue)),
          ttl: 60,
          // A proxied record would answer with Cloudflare's addresses instead of ACM's token.
          proxied: false,
        },
        { parent: this },
      );
    });

    const validation = new aws.acm.CertificateValidation(
      `${name}-validation`,
      { certificateArn: certificate.arn, validationRecordFqdns: records.map((record) => record.name) },
      { parent: this },
    );

    this.certificateArn = validation.certificateArn;
    this.registerOutputs({ certificateArn: this.certificateArn });
  }
}

type ValidationOption = aws.types.output.acm.CertificateDomainValidationOption;

/**
 * The hosts, each once, in an order that does not depend on the configuration's: another order would be
 * another certificate. The shortest comes first, because the certificate's own name has a cap.
 */
export function certificateNames(hosts: readonly string[]): [string, ...string[]] {
  const [first, ...others] = [...new Set(hosts)].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  if (first === undefined) throw new Error("A certificate needs a host; none was given. Give at least one.");
  if (first.length > 64)
    throw new Error(
      `A certificate's shortest host has at most 64 characters; ${first} is longer. Shorten one.`,
    );
  if (others.length > 99)
    throw new Error(`A certificate has at most 100 hosts; ${others.length + 1} were given. Use a wildcard.`);
  return [first, ...others];
}

/** `*.example.org` and `example.org` are proved by one and the same record. */
function validatedHosts(hosts: readonly string[]): string[] {
  return [...new Set(hosts.map((host) => host.replace(/^\*\./, "")))].sort();
}

/** What ACM asks for to prove one host. */
export function validationOption(options: readonly ValidationOption[], host: string): ValidationOption {
  const option = options.find(({ domainName }) => domainName === host || domainName === `*.${host}`);
  if (option === undefined) throw new Error(`ACM asks for no record that would prove ${host}.`);
  return option;
}

/** ACM writes names with their final dot; Cloudflare keeps them without, and would show a change for ever. */
function bare(name: string): string {
  return name.replace(/\.$/, "");
}
