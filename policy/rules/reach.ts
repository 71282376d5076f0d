import { fields, list } from "../reading";
import type { Rule } from "../rule";

/** Nobody lets the whole internet in: the edge is the way in. */
export const closedIngress: Rule = {
  name: "closed-ingress",
  why: "whoever reaches the origin goes around the edge, its rate limit and its access rules",
  remedy: "name the ranges of the edge by a prefix list, or the security group that may call",
  check: ({ type, props }) => {
    const open = sources(type, props).filter((range) => isWide(range));
    return open.map((range) => `it lets in ${range}`);
  },
};

function sources(type: string, props: Readonly<Record<string, unknown>>): readonly unknown[] {
  switch (type) {
    case "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule":
      return [props.cidrIpv4, props.cidrIpv6];
    case "aws:ec2/securityGroup:SecurityGroup":
      return list(props.ingress).flatMap(blocks);
    case "aws:ec2/securityGroupRule:SecurityGroupRule":
      return props.type === "ingress" ? blocks(props) : [];
    // A list does not say what it is used for; one that holds the internet serves no rule.
    case "aws:ec2/managedPrefixList:ManagedPrefixList":
      return list(props.entries).map((entry) => fields(entry).cidr);
    default:
      return [];
  }
}

const blocks = (rule: unknown) => [...list(fields(rule).cidrBlocks), ...list(fields(rule).ipv6CidrBlocks)];

/** Shorter than any range that one organisation holds: two halves of the internet are the internet too. */
const isWide = (range: unknown) => typeof range === "string" && /\/0*[0-7]$/.test(range);
