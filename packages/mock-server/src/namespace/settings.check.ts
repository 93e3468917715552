/** A scenario cannot be played, or a namespace cannot be set up, in the way that was asked for. */
export class ScenarioSettingsError extends Error {
  override readonly name = 'ScenarioSettingsError';
}

/** The longest delay that can be asked for, in milliseconds. */
export const MAX_LATENCY_MS = 600_000;

/** The longest span of a quota or a window, in milliseconds. */
export const TEN_YEARS_MS = 3_653 * 86_400_000;

/**
 * Checks the numbers of settings by their names; what is not given is not checked.
 * @throws ScenarioSettingsError for the first that is no finite number within its bounds
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
