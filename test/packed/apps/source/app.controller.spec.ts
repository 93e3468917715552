import { Test, type TestingModule } from '@nestjs/testing';
import { IdentityInputError } from '@identity-verify/nestjs';
import { FakeUpstream, IdentityVerifyTestingModule, TEST_POPULATION } from '@identity-verify/nestjs/testing';
import { AppController } from './app.controller.js';

const [person] = TEST_POPULATION;

describe('AppController', () => {
  const upstream = new FakeUpstream();
  let app: TestingModule;
  let controller: AppController;

  beforeEach(async () => {
    upstream.reset();
    app = await Test.createTestingModule({
      imports: [
        IdentityVerifyTestingModule.forRoot({ upstream }),
        IdentityVerifyTestingModule.forRoot({ name: 'lending' }),
      ],
      controllers: [AppController],
    }).compile();
    controller = app.get(AppController);
  });

  afterEach(() => app.close());

  it('answers through the module', async () => {
    await expect(controller.verify(person)).resolves.toMatchObject({ outcome: 'match', source: 'upstream' });
    upstream.expectCalls(1);
    upstream.expectAsked({ mobile: person.mobile });
  });

  it('does not treat a successful call as a match', async () => {
    upstream.verifyReturns('mismatch');
    await expect(controller.verify(person)).resolves.toMatchObject({ outcome: 'mismatch', code: '10000' });
  });

  it('recognises an error of the module by its class', async () => {
    await expect(controller.verify({ ...person, mobile: '1' })).rejects.toBeInstanceOf(IdentityInputError);
    upstream.expectCalls(0);
  });

  it('uses the named instance', async () => {
    await expect(controller.lend()).resolves.toEqual({ spent: 0 });
  });
});
