// Watches a page: complaints of scripts and of the content security policy, and axe-core's view.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

export class Audit {
  #devtools;
  #axe;
  #looks = 0;
  #findings = [];
  #complaints = [];
  #refusalExpected = false;

  constructor(devtools, axe) {
    this.#devtools = devtools;
    this.#axe = axe;
  }

  /** @param {import("playwright-core").Page} page */
  static async of(page) {
    const devtools = await page.context().newCDPSession(page);
    const audit = new Audit(devtools, await readFile(axePath, "utf8"));
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") audit.#complain(message.text());
    });
    page.on("pageerror", (error) => audit.#complain(String(error)));
    page.on("requestfailed", (request) => {
      // A page that is left before its icon has come is nobody's fault.
      if (request.failure()?.errorText === "net::ERR_ABORTED") return;
      audit.#complain(`failed: ${request.url()}`);
    });
    return audit;
  }

  /** @param {string} text */
  #complain(text) {
    // Browsers report every 4xx answer to a page as a console error.
    const refused = /^Failed to load resource.* 4\d\d /.test(text);
    if (refused && this.#refusalExpected) return;
    this.#complaints.push(text);
  }

  /**
   * Within `work` the server refuses something on purpose.
   * @param {() => Promise<void>} work
   */
  async expectingRefusal(work) {
    this.#refusalExpected = true;
    await work();
    this.#refusalExpected = false;
  }

  /**
   * Evaluates in the page through the developer tools, which the page's own policy does not bind.
   * @param {string} expression
   */
  async evaluate(expression) {
    const { result, exceptionDetails } = await this.#devtools.send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
      userGesture: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? expression);
    return result.value;
  }

  /**
   * Lets axe-core look at the page as it is now.
   * @param {string} name
   */
  async look(name) {
    await this.evaluate(`${this.#axe}; undefined`);
    const found = await this.evaluate(
      "axe.run(document, { resultTypes: ['violations'] }).then((r) => r.violations.map((v) => " +
        "({ id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.map((n) => n.html.slice(0, 160)) })))",
    );
    this.#looks += 1;
    for (const violation of found) this.#findings.push({ page: name, ...violation });
  }

  /** Prints what was found; the exit code is 0 when that is nothing. */
  report() {
    for (const { page, id, impact, help, nodes } of this.#findings) {
      console.error(`axe: ${page}: ${id} (${impact}): ${help}`);
      for (const node of nodes.slice(0, 3)) console.error(`  ${node}`);
    }
    const policy = this.#complaints.filter((text) => /Content Security Policy|TrustedHTML|Trusted ?Type/i.test(text));
    for (const text of this.#complaints) console.error(`browser: ${text}`);
    console.log(
      `browser: looks=${this.#looks} axe_violations=${this.#findings.length} ` +
        `csp_violations=${policy.length} console_errors=${this.#complaints.length - policy.length}`,
    );
    return this.#findings.length + this.#complaints.length === 0 ? 0 : 1;
  }
}
