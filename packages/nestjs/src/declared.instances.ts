import type { Type } from '@nestjs/common';
import { MetadataScanner, type ModulesContainer } from '@nestjs/core';
import { REQUIRE_VERIFIED_IDENTITY, SKIPPED, type RequireVerifiedIdentityOptions } from './identity-verify.metadata.js';
import { DEFAULT_INSTANCE } from './identity-verify.tokens.js';

/** A use of `@RequireVerifiedIdentity`, and the instance that it names. */
export interface DeclaredInstance {
  /** `EnrolmentsController.enrol`, or the class alone. */
  readonly where: string;
  readonly instance: string;
}

/** Yields every instance that a handler or a class names, so that a wrong name stops the application's start. */
export function* declaredInstances(modules: ModulesContainer): Generator<DeclaredInstance> {
  const scanner = new MetadataScanner();
  for (const { controllers, providers } of modules.values()) {
    for (const { metatype } of [...controllers.values(), ...providers.values()]) {
      if (typeof metatype !== 'function' || !isClass(metatype)) continue;
      const { name, prototype } = metatype;
      yield* declaredOn(metatype, name);
      for (const method of scanner.getAllMethodNames(prototype)) {
        yield* declaredOn(prototype[method as never] as object, `${name}.${method}`);
      }
    }
  }
}

function* declaredOn(target: object, where: string): Generator<DeclaredInstance> {
  const declared = Reflect.getMetadata(REQUIRE_VERIFIED_IDENTITY, target) as
    RequireVerifiedIdentityOptions | typeof SKIPPED | undefined;
  if (declared && declared !== SKIPPED) yield { where, instance: declared.instance ?? DEFAULT_INSTANCE };
}

/** The factory of a provider is a metatype too, and may be an arrow function. */
function isClass(metatype: Type | Function): metatype is Type<object> {
  return typeof metatype.prototype === 'object' && metatype.prototype !== null;
}
