// Lets what is typed as the password be seen.
const field = document.getElementById("show-field");
if (field) {
  field.hidden = false;
  document.getElementById("show-password").addEventListener("change", (event) => {
    document.getElementById("password").type = event.target.checked ? "text" : "password";
  });
}
