// Walks through the whole console in Chromium: what a person sees, what axe-core says of it, and
// that neither the content security policy nor a script complains anywhere.
//
//   PLATEN_URL            where the server is, such as http://127.0.0.1:8631
//   PLATEN_SIGN_IN_LINK   a one-time sign-in link of a System Administrator
//   PLATEN_SHOTS          folder for screenshots (default: target/browser of the workspace)
//   CHROMIUM              the browser (default: /usr/bin/chromium)

import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { Audit } from "./audit.mjs";
import { launch } from "./launch.mjs";

const url = required("PLATEN_URL").replace(/\/$/, "");
const signInLink = required("PLATEN_SIGN_IN_LINK");
const shots =
  process.env.PLATEN_SHOTS ?? fileURLToPath(new URL("../../../../target/browser/", import.meta.url));

const WIDE = { width: 1360, height: 900 };
const NARROW = { width: 400, height: 860 };
const KEY = /^[0-9a-f]{64}$/;
const ROOMS = ["/analysis/api", "/analysis/api/meters", "/analysis/api/print-jobs", "/analysis/transactions", "/fleet/meters", "/fleet/toner", "/fleet/status", "/openapi"];

/** @param {string} name */
function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

const browser = await launch();
const context = await browser.newContext({ viewport: WIDE });
await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: url });
const page = await context.newPage();
const audit = await Audit.of(page);

/** @param {string} name */
async function shoot(name) {
  await page.screenshot({ path: `${shots}/${name}.png` });
}

async function strangersAreSentToTheSignIn() {
  await page.goto(`${url}/fleet/meters`);
  assert.equal(new URL(page.url()).pathname, "/sign-in");
  await audit.look("sign-in");
  await shoot("sign-in");
  await audit.expectingRefusal(async () => {
    await page.getByLabel("Name").fill("nobody");
    await page.getByLabel("Password").fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").waitFor();
  });
  await audit.look("sign-in refused");
}

async function aLinkSignsInOnce() {
  await page.goto(signInLink);
  await audit.look("sign-in link");
  await shoot("link");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(`${url}/analysis/api`);
  await audit.look("api");
  await audit.expectingRefusal(async () => {
    await page.goto(signInLink);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "This link does not work" }).waitFor();
  });
  await audit.look("used link");
}

function enableBox() {
  return page.getByRole("checkbox", { name: "Enable Device Meter Data" });
}

/** @param {string} button */
async function confirm(button) {
  const question = page.getByRole("dialog").filter({ has: page.getByRole("button", { name: "Cancel" }) });
  await question.waitFor();
  await audit.look(`question: ${button}`);
  await question.getByRole("button", { name: button }).click();
}

/** The key on the page, after checking that the answer that shows it is kept nowhere. */
async function shownKey() {
  const key = await page.locator(".fresh .key code").innerText();
  assert.match(key, KEY);
  return key;
}

/** @param {string} key */
async function asked(key) {
  const answer = await fetch(`${url}/ReportApi/Reports/Meters`, {
    headers: { Authorization: `bearer ${key}` },
  });
  await answer.arrayBuffer();
  return answer.status;
}

async function aKeyIsShownOnceAndDiesWhenReplaced() {
  await page.goto(`${url}/analysis/api`);
  if (await enableBox().isChecked()) {
    await enableBox().click();
    await confirm("Disable");
    await page.waitForURL(`${url}/analysis/api`);
    assert.equal(await enableBox().isChecked(), false);
  }
  const answer = page.waitForResponse((r) => r.url().endsWith("/analysis/api/meters/enabled"));
  await enableBox().click();
  assert.equal((await answer).headers()["cache-control"], "no-store");
  const first = await shownKey();
  assert.equal(await asked(first), 200);
  await audit.look("new key");
  await shoot("key");

  await page.getByRole("button", { name: "Copy the Authorization Key" }).click();
  await page.getByRole("status").filter({ hasText: "Copied" }).waitFor({ state: "attached" });
  assert.equal(await audit.evaluate("navigator.clipboard.readText()"), first);
  await page.getByText("Use it in PowerShell").click();
  assert.equal(await page.locator(".fresh .tool code", { hasText: first }).count() >= 8, true);
  await shoot("key-instructions");

  await page.goto(`${url}/analysis/api`);
  assert.equal((await page.content()).includes(first), false, "the key is shown once");

  await page.getByRole("button", { name: "Rotate the key of Device Meter Data" }).click();
  await confirm("Rotate");
  await page.locator(".fresh").waitFor();
  const second = await shownKey();
  assert.notEqual(second, first);
  assert.deepEqual([await asked(first), await asked(second)], [401, 200]);
}

/**
 * Presses a download button and reads the file that comes of it.
 * @param {string} name
 */
async function downloaded(name) {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: `Download ${name}` }).click(),
  ]);
  assert.equal(download.suggestedFilename(), name);
  return readFile(await download.path(), "utf8");
}

/** @param {string} id @param {string} secret */
async function tokenStatus(id, secret) {
  const answer = await fetch(`${url}/oauth/token`, {
    method: "POST",
    headers: { Authorization: `Basic ${btoa(`${id}:${secret}`)}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  await answer.arrayBuffer();
  return answer.status;
}

async function aClientIsShownOnceAndDiesWhenRevoked() {
  await page.goto(`${url}/analysis/api`);
  const revoke = page.getByRole("button", { name: "Revoke the Client Application" });
  if (await revoke.count()) {
    await revoke.click();
    await confirm("Revoke");
  }
  await page.getByRole("button", { name: "Generate a Client Application" }).click();
  await page.locator(".fresh").waitFor();
  await audit.look("new client");
  await shoot("client");
  const id = await page.locator(".fresh .client-id code").innerText();
  const secret = await page.locator(".fresh .client-secret code").innerText();
  assert.match(secret, KEY);
  assert.equal(await tokenStatus(id, secret), 200);
  await page.getByText("Take it along as a file").click();
  await audit.look("new client: files");
  await shoot("client-files");
  const lines = (await downloaded("platen.env")).trimEnd().split("\n");
  assert.ok(lines.includes(`PLATEN_CLIENT_ID=${id}`) && lines.includes(`PLATEN_CLIENT_SECRET=${secret}`));
  const json = JSON.parse(await downloaded("platen-client.json"));
  assert.deepEqual([json.client_id, json.client_secret], [id, secret]);
  await page.getByRole("button", { name: "Copy the Client Secret" }).click();
  await page.getByRole("status").filter({ hasText: "Copied" }).waitFor({ state: "attached" });
  assert.equal(await audit.evaluate("navigator.clipboard.readText()"), secret);

  await page.goto(`${url}/analysis/api`);
  assert.equal((await page.content()).includes(secret), false, "the secret is shown once");
  await audit.look("live client");
  await shoot("client-live");
  await revoke.click();
  await confirm("Revoke");
  await page.getByRole("button", { name: "Generate a Client Application" }).waitFor();
  assert.equal(await tokenStatus(id, secret), 401);
}

async function theDialogOpensAndCloses() {
  await page.goto(`${url}/analysis/api`);
  await page.getByRole("link", { name: "Device Toner Data" }).click();
  const dialog = page.getByRole("dialog", { name: "Device Toner Data" });
  await dialog.waitFor();
  await audit.look("dialog");
  await shoot("dialog");
  await dialog.getByText("Power BI Desktop", { exact: true }).click();
  await dialog.getByText("In Power BI Desktop choose").waitFor();
  await audit.look("dialog: Power BI");
  await shoot("dialog-power-bi");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
}

async function theApisAreDescribed() {
  await page.goto(`${url}/analysis/api`);
  await page.getByRole("link", { name: "What each API takes and answers" }).click();
  await page.waitForURL(`${url}/openapi`);
  await audit.look("openapi");
  await page.getByRole("link", { name: "Print Transactions Data" }).click();
  await page.waitForURL(/#getPrintJobs$/);
  const operation = page.getByRole("article", { name: "Print Transactions Data" });
  for (const summary of await operation.locator("summary").all()) await summary.click();
  await operation.getByText("bad-range").waitFor();
  await audit.look("openapi: opened");
  await shoot("openapi-opened");
}

/** @param {string} room */
async function aGridSortsAndFilters(room) {
  await page.goto(`${url}${room}`);
  const rows = page.locator("tbody tr");
  await rows.first().waitFor();
  await audit.look(room);
  await shoot(room.slice(1).replace("/", "-"));
  const all = await rows.count();

  await page.getByRole("link", { name: "Serial number" }).click();
  await page.locator("th[aria-sort=ascending]", { hasText: "Serial number" }).waitFor();
  await page.getByRole("link", { name: "Serial number" }).click();
  await page.locator("th[aria-sort=descending]", { hasText: "Serial number" }).waitFor();

  const serial = await rows.first().locator("th").innerText();
  await page.getByRole("searchbox").fill(serial);
  await page.getByRole("button", { name: "Filter" }).click();
  await page.waitForURL(/[?&]q=/);
  const found = await rows.count();
  assert.ok(found >= 1 && found <= all, `${found} of ${all} rows contain ${serial}`);

  await page.getByRole("searchbox").fill("no printer is called like this");
  await page.getByRole("button", { name: "Filter" }).click();
  await page.getByRole("heading", { name: /^Nothing contains/ }).waitFor();
  await audit.look(`${room} without a row`);
}

async function everyRoomFitsANarrowScreenAndTheDark() {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    for (const [size, viewport] of Object.entries({ wide: WIDE, narrow: NARROW })) {
      await page.setViewportSize(viewport);
      for (const room of ROOMS) {
        await page.goto(`${url}${room}`);
        await audit.look(`${room} ${colorScheme} ${size}`);
        await shoot(`${room.slice(1).replaceAll("/", "-")}-${colorScheme}-${size}`);
        const overflow = await audit.evaluate(
          "document.documentElement.scrollWidth - document.documentElement.clientWidth",
        );
        assert.equal(overflow, 0, `${room} is wider than a ${size} screen`);
      }
    }
  }
  await page.setViewportSize(WIDE);
  await page.emulateMedia({ colorScheme: "light" });
}

async function everythingWorksWithoutScripts() {
  const plain = await browser.newContext({
    javaScriptEnabled: false,
    storageState: await context.storageState(),
  });
  const bare = await plain.newPage();
  await bare.goto(`${url}/analysis/api`);
  await bare.getByRole("link", { name: "Device Status Data" }).click();
  await bare.waitForURL(`${url}/analysis/api/status`);
  await bare.goto(`${url}/analysis/api`);
  const box = bare.getByRole("checkbox", { name: "Enable Device Status Data" });
  const save = bare.getByRole("button", { name: "Save Device Status Data" });
  if (await box.isChecked()) {
    await box.uncheck();
    await save.click();
    await bare.waitForURL(`${url}/analysis/api`);
  }
  await box.check();
  await save.click();
  assert.match(await bare.locator(".fresh .key code").innerText(), KEY);
  assert.equal(await bare.getByRole("button", { name: /^Copy/ }).count(), 0);
  await plain.close();
}

async function signingOutEndsTheSession() {
  await page.goto(`${url}/`);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL(`${url}/sign-in`);
  await page.goto(`${url}/analysis/api`);
  assert.equal(new URL(page.url()).pathname, "/sign-in");
}

await mkdir(shots, { recursive: true });
try {
  await strangersAreSentToTheSignIn();
  await aLinkSignsInOnce();
  await aKeyIsShownOnceAndDiesWhenReplaced();
  await aClientIsShownOnceAndDiesWhenRevoked();
  await theDialogOpensAndCloses();
  await theApisAreDescribed();
  for (const room of ["/fleet/meters", "/fleet/toner", "/fleet/status"]) {
    await aGridSortsAndFilters(room);
  }
  await everyRoomFitsANarrowScreenAndTheDark();
  await everythingWorksWithoutScripts();
  await signingOutEndsTheSession();
  process.exitCode = audit.report();
} catch (error) {
  await shoot("failed");
  audit.report();
  console.error(error);
  process.exitCode = 1;
} finally {
  await browser.close();
}
