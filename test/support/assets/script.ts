import { assets } from '../../../build/assets';

export default assets.script();
