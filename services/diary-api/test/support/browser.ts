import chromium from '@sparticuz/chromium';
import { type Browser, chromium as browserType } from 'playwright-core';

/**
 * A real browser, from the npm registry, that asks nobody on the network for anything. Without the
 * arguments that come with the package: they switch off the checks that a page relies on.
 */
export async function launchBrowser(): Promise<Browser> {
  return await browserType.launch({
    executablePath: await chromium.executablePath(),
    args: [
      // Test machines run as root, and have no GPU.
      '--no-sandbox',
      '--disable-gpu',
      '--headless=shell',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
}
