export default `Willkommen auf der Mailingliste $display_name!

Sie sind nun mit der Adresse $user_email Mitglied.

Um den Mitgliedern zu schreiben, schicken Sie Ihre Nachricht an

    $listname

Was die Liste per E-Mail erledigt und wie Sie einstellen, auf welche
Weise Sie die Beiträge erhalten, erfahren Sie, wenn Sie eine Nachricht
mit dem Betreff "help" schicken an

    $request_email

Um die Liste zu verlassen, schreiben Sie an

    $short_listname-leave@$domain

Ihre Fragen beantworten die Eigentümer der Liste unter $owner_email.
`;
