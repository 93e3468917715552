/** The form fields of the request, in the vendor's spelling (`idcard` in lower case). */
export interface VerificationForm {
  readonly name: string;
  readonly idcard: string;
  readonly mobile: string;
}

/** The names of the form fields, in the order of the vendor's document. */
export const FORM_FIELDS = ['name', 'idcard', 'mobile'] as const satisfies readonly (keyof VerificationForm)[];

/** The URL, method and credential names of the API. */
export const ENDPOINT = {
  host: 'sjsys.market.alicloudapi.com',
  path: '/communication/personal/1979',
  method: 'POST',
  contentType: 'application/x-www-form-urlencoded; charset=UTF-8',
  authorizationScheme: 'APPCODE',
  /** Form field of the credential, on the channel without the market's gateway. */
  keyField: 'key',
} as const;

/** Limits of the gateway, from its documentation. */
export const GATEWAY_LIMITS = {
  /** Maximum wait of a shared gateway instance for the back end, in milliseconds. */
  backendTimeoutMs: 30_000,
  /** Maximum size of URL and headers together, in bytes. */
  urlAndHeadersBytes: 8 * 1024,
  /** Maximum size of a request body, in bytes. */
  bodyBytes: 8 * 1024 * 1024,
  /** Time for which a signed request is valid, in milliseconds. */
  signatureValidityMs: 15 * 60_000,
} as const;

/** A package of calls on the price list. `fenPerCall` is the rounded price that the vendor prints beside it. */
export interface PriceTier {
  /** Price of the package in fen (1 CNY = 100 fen). */
  readonly fen: number;
  readonly calls: number;
  readonly fenPerCall: number;
}

/** The vendor's price list; every package is valid for two years. */
export const PRICE_TIERS = [
  { fen: 50_000, calls: 1_200, fenPerCall: 42 },
  { fen: 200_000, calls: 5_000, fenPerCall: 40 },
  { fen: 350_000, calls: 10_000, fenPerCall: 35 },
  { fen: 500_000, calls: 15_000, fenPerCall: 33 },
  { fen: 1_000_000, calls: 33_333, fenPerCall: 30 },
] as const satisfies readonly PriceTier[];

/** Default price of a call, in fen: that of the most expensive package. */
export const DEFAULT_FEN_PER_CALL = PRICE_TIERS[0].fenPerCall;
