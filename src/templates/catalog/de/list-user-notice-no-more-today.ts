export default `Von Ihrer Adresse $sender_email kam eine weitere Nachricht, auf welche
die Mailingliste $display_name von selbst antworten würde. Heute haben
Sie bereits $count solche Antworten bekommen. Damit sich nicht zwei
Maschinen endlos schreiben, ist dies die letzte bis morgen; Ihre
Nachrichten selbst kommen weiterhin an.

Bei Fragen schreiben Sie bitte an die Eigentümer der Liste:
$owneremail.
`;
