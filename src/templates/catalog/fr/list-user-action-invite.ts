export default `Les propriétaires de la liste de diffusion $listname vous invitent à
vous abonner avec cette adresse :

    $user_email

Si vous souhaitez vous abonner, répondez simplement à ce message sans
en changer l'objet. Ou bien envoyez cette ligne

    confirm $token

à $request_email.$confirm_by_web

Si vous préférez ne pas vous abonner, vous n'avez rien à faire : sans
réponse de votre part, personne ne vous ajoutera à la liste. Vos
questions sont les bienvenues à l'adresse $contact_address.
`;
