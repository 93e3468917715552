import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiResponse } from '@nestjs/swagger';
import { TEST_POPULATION } from '@identity-verify/contract';
import { PROBLEM_MEDIA_TYPE } from '@identity-verify/nestjs';

const [person] = TEST_POPULATION;
const example = (summary: string, mobile: string) => ({ summary, value: { ...person, mobile } });

/**
 * Documents the three fields. The examples are test identities; the description of each names the behaviour of the
 * mock.
 */
export function ApiIdentityBody(): MethodDecorator {
  const text = (description: string) => ({ type: 'string' as const, description });
  return ApiBody({
    schema: {
      type: 'object',
      required: ['name', 'idCard', 'mobile'],
      properties: {
        name: text('2 to 50 Han ideographs with middle dots, or Latin letters with a permit of a foreigner'),
        idCard: text('18 characters, the last one a check character'),
        mobile: text('11 digits; +86, spaces and hyphens are removed'),
      },
    },
    examples: {
      match: example('A match', person.mobile),
      mismatch: example('A mismatch', '16000000002'),
      noRecord: example('No record', '16000010001'),
      busy: example('The upstream is busy', '16000010017'),
      timeout: example('The upstream never answers', '16000099004'),
    },
  });
}

const MEANING: Readonly<Record<number, string>> = {
  403: 'Not a match. Never says which field was wrong.',
  422: 'A field is not well-formed; `violations` says which and why. Nothing was sent.',
  429: 'Too many requests, or too many different identities for one person.',
  502: 'The upstream failed or answered something unreadable.',
  503: 'There is no answer: the upstream, the account or a limit of ours.',
  504: 'The upstream did not answer in time.',
};

/** Documents the problem details of the given statuses (RFC 9457). */
export function ApiProblems(...statuses: readonly number[]): MethodDecorator {
  return applyDecorators(
    ...statuses.map((status) =>
      ApiResponse({
        status,
        description: MEANING[status] ?? '',
        content: { [PROBLEM_MEDIA_TYPE]: { schema: { type: 'object' } } },
      }),
    ),
  );
}
