export default `Die Mailingliste $listname wurde eingerichtet, und Sie sind ihr
Eigentümer. Hier finden Sie, was Sie für den Anfang brauchen.

Beiträge gehen an

    $listname

Wer der Liste beitreten möchte, schreibt an

    $short_listname-join@$domain

und wer sie verlassen möchte, an

    $short_listname-leave@$domain

Was die Liste sonst noch per E-Mail erledigt, erfahren Sie, wenn Sie
eine Nachricht mit dem Betreff "help" schicken an

    $requestaddr

Ihre Fragen beantworten die Betreuer dieses Servers:

    $siteowner
`;
