/** `T` with every property required and never undefined. */
export type Complete<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> };
