export default `Die angehängte Nachricht kam an die Adresse, die für die Mailingliste
$listname Unzustellbarkeitsmeldungen entgegennimmt. Entweder ist sie
keine solche Meldung, oder sie verrät nicht, welches Mitglied sie
betrifft.

Falls Sie erkennen, dass eine Adresse nicht mehr gültig ist, kümmern
Sie sich bitte selbst um dieses Mitglied.
`;
