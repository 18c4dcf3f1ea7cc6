export default `Ein Mitglied möchte die Mailingliste $listname verlassen und braucht
dafür Ihre Zustimmung:

    $member

Bitte nehmen Sie den Antrag auf den Webseiten der Liste an oder lehnen
Sie ihn dort ab.
`;
