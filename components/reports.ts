import { Document } from "yaml";

/** The languages that a form is written in. */
export type ReportLanguage = "en" | "fr";

/** Where GitHub looks for the form. */
export const REPORT_FILE = ".github/ISSUE_TEMPLATE/report.yml";

/** What the form puts on each report. None of these names is one that GitHub gives every new repository. */
export const USER_REPORT = {
  name: "user report",
  color: "1d76db",
  description: "A user met a problem and told it with the form",
} as const;

interface Words {
  readonly name: string;
  readonly description: string;
  readonly careful: string;
  readonly what: string;
  readonly whatHelp: string;
  readonly where: string;
  readonly whereHelp: string;
  readonly when: string;
  readonly whenHelp: string;
  readonly browser: string;
  readonly browserHelp: string;
}

const WORDS: Readonly<Record<ReportLanguage, Words>> = {
  en: {
    name: "Report a problem",
    description: "Something does not work as you expected",
    careful:
      "Whoever can read this repository can read your report. **Never paste a password, a key, or anything personal** " +
      "about yourself or others: names, addresses, orders, screenshots that show them.",
    what: "What happened?",
    whatHelp: "What you did, what you expected, and what you saw instead.",
    where: "On which page?",
    whereHelp: "Its address. Leave out what follows a question mark if it looks like a code.",
    when: "When?",
    whenHelp: "Day and time, as exactly as you can say: it is looked for in the logs.",
    browser: "With which browser and device?",
    browserHelp: "For example Firefox 140 on a telephone with Android.",
  },
  fr: {
    name: "Signaler un problème",
    description: "Quelque chose ne fonctionne pas comme vous l'attendiez",
    careful:
      "Votre signalement est visible de toute personne qui a accès à ce dépôt. **N'y mettez jamais de mot de passe, de " +
      "clé, ni de donnée personnelle**, la vôtre ou celle d'autrui : noms, adresses, commandes, captures d'écran qui en montrent.",
    what: "Que s'est-il passé ?",
    whatHelp: "Ce que vous avez fait, ce que vous attendiez, et ce que vous avez vu à la place.",
    where: "Sur quelle page ?",
    whereHelp:
      "Son adresse. Laissez de côté ce qui suit un point d'interrogation si cela ressemble à un code.",
    when: "Quand ?",
    whenHelp: "Jour et heure, aussi précisément que possible : nous cherchons dans les journaux.",
    browser: "Avec quel navigateur et quel appareil ?",
    browserHelp: "Par exemple Firefox 140 sur un téléphone Android.",
  },
};

/** The form with which users report a problem, in GitHub's own words for forms. */
export function reportForm(language: ReportLanguage): string {
  const words = WORDS[language];
  const document = new Document({
    name: words.name,
    description: words.description,
    labels: [USER_REPORT.name],
    body: [
      { type: "markdown", attributes: { value: words.careful } },
      question("textarea", "what", words.what, words.whatHelp, true),
      question("input", "where", words.where, words.whereHelp, true),
      question("input", "when", words.when, words.whenHelp, true),
      question("input", "browser", words.browser, words.browserHelp, false),
    ],
  });
  document.commentBefore = " Declared by tandem: the next `pulumi up` undoes edits made here.";
  return document.toString({ lineWidth: 0 });
}

function question(type: string, id: string, label: string, description: string, required: boolean) {
  return { type, id, attributes: { label, description }, validations: { required } };
}
