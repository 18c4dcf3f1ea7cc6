export default `Von Ihrer Adresse $sender_email kam eine weitere Nachricht, auf die
die Mailingliste $display_name automatisch antworten würde. Automatische
Antworten, die Sie heute schon erhalten haben: $count. Damit sich nicht
zwei Programme endlos gegenseitig antworten, ist dies die letzte bis
morgen; Ihre Nachrichten selbst kommen weiterhin an.

Bei Fragen schreiben Sie bitte an die Eigentümer der Liste:
$owneremail.
`;
