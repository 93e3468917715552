/** The settings of a scenario or a namespace are invalid. */
export class ScenarioSettingsError extends Error {
  override readonly name = 'ScenarioSettingsError';
}

/** Maximum delay, in milliseconds. */
export const MAX_LATENCY_MS = 600_000;

/** Maximum duration of a quota or a window, in milliseconds. */
export const TEN_YEARS_MS = 3_653 * 86_400_000;

/**
 * Checks numbers by name and skips those not given.
 *
 * @throws ScenarioSettingsError for the first number that is not finite or out of range
 */
export function checkNumbers(
  settings: object,
  bounds: Readonly<Record<string, readonly [least: number, most: number]>>,
): void {
  for (const [name, value] of Object.entries(settings) as [string, unknown][]) {
    const [least, most] = bounds[name] ?? [];
    if (least === undefined || most === undefined || value === undefined) continue;
    if (!(typeof value === 'number' && value >= least && value <= most)) {
      throw new ScenarioSettingsError(`${name} must be a number from ${least} to ${most}.`);
    }
  }
}
