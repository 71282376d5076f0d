/** What some work prints. */
export async function captured(work: () => Promise<void>): Promise<string> {
  const { log } = console;
  let text = "";
  console.log = (...all: unknown[]) => {
    text += `${all.map(String).join(" ")}\n`;
  };
  try {
    await work();
  } finally {
    console.log = log;
  }
  return text;
}
