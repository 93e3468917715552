import { Body, Controller, Delete, Get, HttpCode, NotFoundException, Param, Post, Put } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { TestPerson } from '@identity-verify/contract';
import { IdentityDto } from '@identity-verify/nestjs/dto';
import { playgroundIdentities, type PlaygroundIdentity } from './identities.js';
import { MockReader, type MockView } from './mock.reader.js';
import { Playground } from './playground.js';
import { TROUBLES, type Trouble } from './trouble.table.js';

/** The API of the playground. Not available with real credentials. */
@ApiExcludeController()
@Controller('playground')
export class PlaygroundController {
  constructor(
    private readonly playground: Playground,
    private readonly mock: MockReader,
  ) {}

  @Get('identities')
  identities(): readonly PlaygroundIdentity[] {
    return playgroundIdentities();
  }

  /** The trouble of the mock and its newest calls, whoever made them. */
  @Get('mock')
  read(): Promise<MockView> {
    return this.mock.read();
  }

  @Post('fresh')
  @HttpCode(200)
  fresh(): TestPerson {
    return this.playground.fresh();
  }

  @Put('trouble/:name')
  @HttpCode(204)
  async trouble(@Param('name') name: string): Promise<void> {
    if (!Object.hasOwn(TROUBLES, name)) throw new NotFoundException();
    await this.playground.start(name as Trouble);
  }

  @Delete('trouble')
  @HttpCode(204)
  async calm(): Promise<void> {
    await this.playground.calm();
  }

  @Post('undo/latch')
  @HttpCode(204)
  async reopen(): Promise<void> {
    await this.playground.reopen();
  }

  @Post('undo/circuit')
  @HttpCode(204)
  closeCircuits(): void {
    this.playground.closeCircuits();
  }

  /** Before a test identity of the list, so that what the one before it closed does not answer for it. */
  @Post('undo/refusals')
  @HttpCode(204)
  async undoRefusals(): Promise<void> {
    await this.playground.reopen();
    this.playground.closeCircuits();
  }

  @Post('undo/person')
  @HttpCode(204)
  async forget(@Body() { idCard, mobile }: IdentityDto): Promise<void> {
    await this.playground.forget({ idCard, mobile });
  }

  @Post('reset')
  @HttpCode(204)
  async reset(): Promise<void> {
    await this.playground.reset();
  }
}
