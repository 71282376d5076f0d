import { type Argument, Command, type ErrorOptions, Help, type Option } from "commander";
import { closest } from "fastest-levenshtein";
import { CommandError, EXIT } from "./errors";

/**
 * A command line whose mistakes say in one message what was given, what is allowed and where more is said; and
 * whose own help shows commands by what they are for.
 */
export class CommandLine extends Command {
  /** The heading of this command in the help of the one above. */
  group = "";
  #groupOfNext = "";

  override createCommand(name?: string): CommandLine {
    const made = new CommandLine(name);
    made.group = this.#groupOfNext;
    return made;
  }

  /** What is declared from here on stands under a heading. */
  under(heading: string): this {
    this.#groupOfNext = heading;
    return this;
  }

  override createHelp(): Help {
    return this.parent === null ? new Overview() : new Detail();
  }

  override error(message: string, options?: ErrorOptions): never {
    throw new CommandError(
      `${mistake(this, message, options?.code)}\n  remedy   ${nameOf(this)} --help`,
      EXIT.usage,
    );
  }
}

/** As people type it. */
export const nameOf = (command: Command): string =>
  command.parent === null ? `npx ${command.name()}` : `${nameOf(command.parent)} ${command.name()}`;

/** One command, as people type it. */
class Detail extends Help {
  override commandUsage(command: Command): string {
    return `${nameOf(command)} ${command.usage()}`;
  }
}

/** Commands by heading, a line each. */
class Overview extends Help {
  override formatHelp(command: Command): string {
    const shown = this.visibleCommands(command) as unknown as readonly CommandLine[];
    const width = Math.max(...shown.map((each) => each.name().length));
    const groups = [...new Set(shown.map(({ group }) => group))].map((heading) => {
      const lines = shown
        .filter(({ group }) => group === heading)
        .map((each) => `  ${each.name().padEnd(width)}  ${each.summary()}`);
      return [heading, ...lines].join("\n");
    });
    return `${[command.description(), `Usage: ${nameOf(command)} <command> [options]`, ...groups].join("\n\n")}\n`;
  }
}

/** What was given, and what is allowed. Commander names what it is about in quotes, and nowhere else. */
function mistake(command: Command, message: string, code = ""): string {
  const name = nameOf(command);
  const [first = "", second = ""] = [...message.matchAll(/'([^']*)'/g)].map(([, quoted]) => quoted ?? "");
  const option = command.options.find(({ flags }) => flags === first);
  const argument = command.registeredArguments.find(
    (each) => each.name() === first || each.name() === second,
  );
  switch (code) {
    case "commander.unknownCommand":
      return unknown(`There is no command ${first}.`, first, namesOf(command));
    case "commander.unknownOption":
      return `${unknown(`${name} has no option ${first}.`, first, flagsOf(command))}${after(command)}`;
    case "commander.excessArguments":
      return `${name} takes ${takes(command)}; given: ${command.args.join(" ")}.`;
    case "commander.missingArgument":
      return `${name} needs <${first}>${meaning(argument)}.`;
    case "commander.optionMissingArgument":
      return `${long(option)} of ${name} needs a value${meaning(option)}.`;
    case "commander.missingMandatoryOptionValue":
      return `${name} needs ${long(option)}${meaning(option)}.`;
    case "commander.invalidArgument":
      return option === undefined
        ? `${second} of ${name} is "${first}"${meaning(argument)}.`
        : `${long(option)} of ${name} is "${second}"${meaning(option)}.`;
    default:
      return `${name}: ${message.replace(/^error: /, "")}`;
  }
}

function unknown(what: string, given: string, known: readonly string[]): string {
  return `${what} Did you mean ${closest(given, known)}? There are: ${known.join(", ")}.`;
}

const namesOf = (command: Command) =>
  command
    .createHelp()
    .visibleCommands(command)
    .map((each) => each.name())
    .sort();

const flagsOf = (command: Command) => [...command.options.map((option) => long(option)), "--help"];

const long = (option: Option | undefined): string => option?.long ?? option?.flags ?? "an option";

function takes({ registeredArguments: all }: Command): string {
  if (all.length === 0) return "no argument";
  return all.map((each) => (each.required ? `<${each.name()}>` : `[${each.name()}]`)).join(" ");
}

/** What may be said, or what it means where that is not a few words. */
function meaning(said: Option | Argument | undefined): string {
  if (said === undefined) return "";
  return said.argChoices === undefined ? `: ${said.description}` : `; allowed: ${said.argChoices.join(", ")}`;
}

/** Where words of another program are taken, its options look like ours. */
function after({ registeredArguments: all }: Command): string {
  const foreign = all.find(({ variadic }) => variadic);
  return foreign === undefined ? "" : ` What belongs to <${foreign.name()}> comes after --.`;
}
