/**
 * The order in which jest runs the files: the long ones first, so that no core stands idle at the end while another has
 * one before it.
 */

const Sequencer = require('@jest/test-sequencer').default;
const slow = require('./slow.json');

const placeOf = ({ path }) => {
  const place = slow.findIndex((name) => path.endsWith(`/test/${name}`));
  return place < 0 ? slow.length : place;
};

module.exports = class extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => placeOf(a) - placeOf(b));
  }
};
