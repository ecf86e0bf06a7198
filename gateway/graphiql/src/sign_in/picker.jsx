import './picker.css';

/** In the corner: whom one asks as. */
export function Picker({ signIn }) {
  return (
    <label className="plait-picker">
      as
      <select aria-label="Ask as" onChange={(event) => signIn.be(event.target.value || null)}>
        <option value="">a visitor</option>
        {signIn.names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}
